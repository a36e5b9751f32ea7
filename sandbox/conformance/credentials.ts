import "reflect-metadata/lite";
import * as x509 from "@peculiar/x509";
import { createHash, KeyObject, webcrypto } from "node:crypto";
import { SignJWT } from "jose";
import type { JsonObject } from "../tenant/json.ts";

/** A certificate with its private key, made for one run. */
export interface RunCertificate {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The certificates of one run, each made when it is first wanted. */
export interface RunCertificates {
  readonly first: () => Promise<RunCertificate>;
  readonly second: () => Promise<RunCertificate>;
  readonly elliptic: () => Promise<RunCertificate>;
}

/** The subject of a run's certificates. */
const certificateSubject = "CN=conformance";

const dayMs = 86_400_000;

/** Makes them, for a month around now. */
export function createCertificates(now: () => Date = () => new Date()): RunCertificates {
  const once = (isElliptic: boolean): (() => Promise<RunCertificate>) => {
    let made: Promise<RunCertificate> | undefined;
    return () => (made ??= make(now(), isElliptic));
  };
  return { first: once(false), second: once(false), elliptic: once(true) };
}

async function make(now: Date, isElliptic: boolean): Promise<RunCertificate> {
  // Graph's times are of whole seconds.
  const second = Math.floor(now.getTime() / 1000) * 1000;
  const [notBefore, notAfter] = [new Date(second - dayMs), new Date(second + 30 * dayMs)];
  const algorithm = isElliptic
    ? { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
    : {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: certificateSubject,
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
  });
  return {
    der: Buffer.from(certificate.rawData),
    privateKey: KeyObject.from(keys.privateKey),
    notBefore,
    notAfter,
  };
}

/** A key credential as a client writes it. */
export function keyCredentialOf(certificate: RunCertificate, more: JsonObject = {}): JsonObject {
  return { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.der.toString("base64"), ...more };
}

/** What an assertion says where it differs from a good one. */
export interface AssertionChanges {
  readonly algorithm?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A client assertion; a good one where nothing is changed. */
export function assertionOf(
  certificate: RunCertificate,
  { clientId, audience, now }: { readonly clientId: string; readonly audience: string; readonly now: Date },
  { algorithm = "RS256", header, claims }: AssertionChanges = {},
): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const thumbprint = createHash("sha1").update(certificate.der).digest("base64url");
  return new SignJWT({
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: crypto.randomUUID(),
    nbf: seconds,
    exp: seconds + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(header ?? { x5t: thumbprint }) })
    .sign(certificate.privateKey);
}

/** The form of a sign-in by assertion. */
export function assertionForm(clientId: string, assertion: string, scope: string): Record<string, string> {
  return {
    client_id: clientId,
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    grant_type: "client_credentials",
    scope,
  };
}
