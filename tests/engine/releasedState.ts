import { randomUUID, X509Certificate } from "node:crypto";

import type { KeyPair } from "../components/mocks.ts";

/** Stands for a value that was made of a key; no key is kept, not even an encrypted one. */
const made = {
  privateKey: "(the private key)",
  certificate: "(the certificate)",
  password: "(the password)",
  end: "(the end of the certificate)",
  other: "(left out)",
};

/** The properties that hold such values, by what stands for them. */
const standIns: Readonly<Record<string, string>> = {
  privateKeyPem: made.privateKey,
  privateKeyPemPkcs8: made.privateKey,
  certPem: made.certificate,
  certificatePem: made.certificate,
  value: made.certificate,
  pfxPassword: made.password,
  endDate: made.end,
  validityEndTime: made.end,
  certificateNotAfter: made.end,
  privateKeyOpenssh: made.other,
  publicKeyOpenssh: made.other,
  publicKeyPem: made.other,
  publicKeyFingerprintMd5: made.other,
  publicKeyFingerprintSha256: made.other,
  bcryptHash: made.other,
  pfxBase64: made.other,
  certificateDerBase64: made.other,
};

/** The state of a stack, as `pulumi stack export --show-secrets` gives it, without anything made of a key. */
export function withoutKeys(exported: string): string {
  const state: unknown = JSON.parse(exported, (property, value: unknown) => replaced(property, value));
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** Such a state with the values of a key that was made now, for `pulumi stack import`. */
export function withKey(state: string, { privateKeyPem, certificatePem }: KeyPair): string {
  const end = `${new X509Certificate(certificatePem).validToDate.toISOString().slice(0, 19)}Z`;
  const values = new Map([
    [made.privateKey, privateKeyPem],
    [made.certificate, certificatePem],
    [made.password, randomUUID()],
    [made.end, end],
  ]);
  return JSON.stringify(
    JSON.parse(state, (property, value: unknown) => {
      if (typeof value !== "string") return value;
      // A secret's plaintext is JSON once more.
      if (property === "plaintext")
        return JSON.stringify(values.get(JSON.parse(value) as string) ?? JSON.parse(value));
      return values.get(value) ?? value;
    }),
  );
}

function replaced(property: string, value: unknown): unknown {
  if (positions.has(property)) return undefined;
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  // A password's `result` is a secret, a UUID's is none.
  const standIn = property === "result" && isSecret ? made.password : standIns[property];
  if (standIn === undefined) return value;
  if (typeof value === "string") return standIn;
  return isSecret ? { ...value, plaintext: JSON.stringify(standIn) } : value;
}

/** Where and when a resource was registered, which no comparison looks at. */
export const positions = new Set(["created", "modified", "sourcePosition", "stackTrace"]);
