import { endInWords } from "../../../common/time.ts";
import * as v from "valibot";
import { certificateSha256, isOneCertificate, keySha256 } from "../../../common/certificate.ts";
import { KeyCredential, noId, PasswordCredential } from "../../../graph/objects.ts";
import type { Holder } from "../../../graph/removal.ts";
import { application, servicePrincipal } from "../../../graph/removal.ts";
import type { Properties } from "../../../stack/values.ts";
import { contentHash } from "../../findings/contentHash.ts";
import type { AuditRule, Declares, DeclaringResource, Observation, ObservedItem } from "../rule.ts";
import { readsOne } from "../rule.ts";
import { isSame, text } from "../stateValues.ts";
import { applicationPart, principalPart, takenAway } from "./parts.ts";

const credentials = {
  severity: "critical",
  why: "Anyone who has it can sign in as the application, and do everything that the application may do.",
  source: "https://attack.mitre.org/techniques/T1098/001/",
} as const;
const hiddenFromPortal =
  "It can sign in as the application, and the portal's page of the app registration does not show it.";

const Keys = v.object({ keyCredentials: v.array(KeyCredential) });
/** The read of an object's certificates. */
export const keys = { schema: Keys, select: ["keyCredentials"] };

const Passwords = v.object({
  passwordCredentials: v.array(PasswordCredential),
});
const passwords = { schema: Passwords, select: ["passwordCredentials"] };

/** The id of the finding of a certificate on the application. */
export const certificateRuleId = "EXO-AUDIT-APPLICATION-CERTIFICATE";

/** The key of a certificate: its bytes and its key ID. */
export function certificateKey(facts: { readonly sha256: string; readonly keyId: string }): string {
  return `${facts.sha256} ${facts.keyId}`;
}

/** What signs in as the application by a key or a secret. */
export const credentialRules: readonly AuditRule[] = [
  {
    id: certificateRuleId,
    title: "Certificate on the application",
    ...credentials,
    reads: [
      readsOne(applicationPart, keys, ({ keyCredentials }, { objects }) =>
        certificatesOn(application(objects), keyCredentials),
      ),
    ],
    recorded: (_record, { generations }) =>
      generations.map(({ keyId, certificateThumbprintSha256: sha256 }) => certificateKey({ sha256, keyId })),
    declaredBy: { ApplicationCertificate: ofApplication(certificate) },
    missing: {
      id: "EXO-AUDIT-CERTIFICATE-MISSING",
      title: "Declared certificate that the application lacks",
      severity: "high",
      why: `Nothing can sign in with it. ${takenAway}`,
      source: "https://learn.microsoft.com/graph/api/resources/keycredential",
    },
  },
  {
    id: "EXO-AUDIT-APPLICATION-PASSWORD",
    title: "Client secret on the application",
    ...credentials,
    reads: [
      readsOne(applicationPart, passwords, (value, { objects }) => passwordsOn(application(objects), value)),
    ],
    declaredBy: {
      ApplicationPassword: ofApplication(keyIds),
      Application: ({ state }, { applicationObjectId }) =>
        isSame(state["objectId"], applicationObjectId) ? inlinePassword(state) : [],
    },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
    title: "Certificate on the service principal",
    ...credentials,
    why: hiddenFromPortal,
    reads: [
      readsOne(principalPart, keys, ({ keyCredentials }, { objects }) =>
        certificatesOn(servicePrincipal(objects), keyCredentials),
      ),
    ],
    declaredBy: { ServicePrincipalCertificate: ofPrincipal(certificate) },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    title: "Client secret on the service principal",
    ...credentials,
    why: hiddenFromPortal,
    reads: [
      readsOne(principalPart, passwords, (value, { objects }) =>
        passwordsOn(servicePrincipal(objects), value),
      ),
    ],
    declaredBy: { ServicePrincipalPassword: ofPrincipal(keyIds) },
  },
];

function certificatesOn(holder: Holder, keyCredentials: readonly KeyCredential[]): Observation {
  const read = keyCredentials.filter((credential) => !isHidden(credential));
  const items = read.map((credential): ObservedItem => ({
    ...identified(credential, read),
    // Nothing but its id says which one is to go.
    ...(credential.keyId !== noId && {
      removal: { kind: "certificate" as const, holder, keyId: credential.keyId },
    }),
  }));
  // Without its bytes nobody knows which certificate it is.
  const reason = "Microsoft Graph gave a certificate without its bytes.";
  return { items, ...(keyCredentials.some(isHidden) ? { hidden: { reason, denied: false } } : {}) };
}

/** Whether a certificate came without its bytes. */
function isHidden({ type, key }: KeyCredential): boolean {
  return type === "AsymmetricX509Cert" && !key;
}

/**
 * A certificate goes by its bytes and its key id: who adds one chooses its keyId, name and customKeyIdentifier, and the
 * same bytes under a second key ID survive the removal of the first.
 */
function identified(
  { keyId, type, usage, displayName, endDateTime, key }: KeyCredential,
  others: readonly KeyCredential[],
): ObservedItem {
  const about = `"${displayName ?? "unnamed"}" (${type ?? "no type"}, ${usage ?? "no usage"}), keyId ${keyId}, ${endInWords(endDateTime)}`;
  const sha256 = keySha256(key);
  if (sha256 === undefined || !isOneCertificate(key ?? "")) {
    const what = sha256 === undefined ? "a key that is not a certificate" : "more than a certificate";
    const id = `KEYID ${keyId.toUpperCase()}`;
    return { key: id, ...(key && { subject: `${id} ${contentHash(key)}` }), found: `${what}, ${about}` };
  }
  const bytes = sha256.toUpperCase();
  const isRepeated = others.some((other) => other.keyId !== keyId && keySha256(other.key) === sha256);
  return {
    key: certificateKey({ sha256, keyId }),
    subject: isRepeated ? `${bytes} ${keyId}` : bytes,
    found: `SHA-256 ${bytes}, ${about}${isRepeated ? ", the same bytes as under another keyId" : ""}`,
  };
}

function passwordsOn(holder: Holder, { passwordCredentials }: v.InferOutput<typeof Passwords>): Observation {
  return {
    items: passwordCredentials.map(({ keyId: id, displayName, endDateTime }) => ({
      key: id,
      found: `"${displayName ?? "unnamed"}", keyId ${id}, ${endInWords(endDateTime)}`,
      ...(id !== noId && { removal: { kind: "password" as const, holder, keyId: id } }),
    })),
  };
}

type DeclaresOfOne = (resource: DeclaringResource) => readonly string[];

function ofApplication(declares: DeclaresOfOne): Declares {
  return (resource, { applicationObjectId }) =>
    isSame(resource.state["applicationId"], applicationObjectId) ? declares(resource) : [];
}

function ofPrincipal(declares: DeclaresOfOne): Declares {
  return (resource, { servicePrincipalObjectId }) =>
    isSame(resource.state["servicePrincipalId"], servicePrincipalObjectId) ? declares(resource) : [];
}

function keyIds({ state }: DeclaringResource): readonly string[] {
  return [text(state["keyId"])];
}

/** The secret that `Application` itself makes. */
function inlinePassword({ password }: Properties): readonly string[] {
  return v.is(v.object({ keyId: v.string() }), password) ? [password.keyId] : [];
}

/** A resource's certificate with its key ID; none where the value is not one, so that what is there is found. */
function certificate({ state, certificateSha256: known }: DeclaringResource): readonly string[] {
  const keyId = text(state["keyId"]);
  if (known !== undefined) return [certificateKey({ sha256: known, keyId })];
  const value = text(state["value"]);
  const encoding = text(state["encoding"]) || "pem";
  try {
    const bytes = encoding === "pem" ? value : Buffer.from(value, encoding === "hex" ? "hex" : "base64");
    return [certificateKey({ sha256: certificateSha256(bytes), keyId })];
  } catch {
    return [];
  }
}
