import { randomUUID, X509Certificate } from "node:crypto";
import { derDigest } from "../../../common/certificate.ts";
import { badRequest, notImplemented } from "../graph/errors.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../json.ts";
import { toGraphTime } from "../time.ts";
import type { KeyCredential } from "../state.ts";

/** How many certificates one object takes. Documented as about 1000 items over all lists of an application. */
const maxCredentials = 1000;

/**
 * The certificates that an object has after a write of `keyCredentials`, which replaces the whole list.
 *
 * A credential that is there already is kept when it comes back as it was read, without `key`; one that is left out
 * goes. `key` is DER or PEM, in base64. `checkNew` throws where a policy forbids a new one.
 *
 * @throws GraphError
 */
export function replaceKeyCredentials(
  written: Json,
  existing: readonly KeyCredential[],
  now: Date,
  checkNew: (credential: KeyCredential) => void,
): KeyCredential[] {
  const items = Array.isArray(written) ? written.filter(isJsonObject) : [];
  if (items.length > maxCredentials) {
    throw badRequest(
      "The directory object quota limit for the property 'keyCredentials' has been exceeded.",
      "Directory_QuotaExceeded",
    );
  }
  const byId = new Map(existing.map((credential) => [credential.keyId.toLowerCase(), credential]));
  const credentials = items.map((item) => {
    const known = byId.get(textOf(item.keyId).toLowerCase());
    if (known !== undefined) return keepKeyCredential(item, known);
    const credential = newKeyCredential(item, now);
    checkNew(credential);
    return credential;
  });
  const ids = new Set(credentials.map((credential) => credential.keyId.toLowerCase()));
  if (ids.size < credentials.length) {
    throw badRequest("One or more of the specified keyIds are duplicated.", "KeyCredentialsInvalidKeyId");
  }
  return credentials;
}

/** Certificates as a read shows them: `key` only where one object's `keyCredentials` are selected. */
export function presentKeyCredentials(
  credentials: readonly KeyCredential[],
  withKey: boolean,
): readonly JsonObject[] {
  return credentials.map((credential) => ({ ...credential, key: withKey ? credential.key : null }));
}

/** SHA-1 of a certificate, upper-case hex: its thumbprint. */
function thumbprintOf(der: Buffer): string {
  return derDigest("sha1", der).toUpperCase();
}

function newKeyCredential(item: JsonObject, now: Date): KeyCredential {
  if (item.type !== "AsymmetricX509Cert" || item.usage !== "Verify") {
    if (item.type === "X509CertAndPassword" || item.type === "Symmetric")
      throw notImplemented(`A key credential of type '${item.type}'`);
    throw invalidCredential("Type", "Key credential type is invalid.");
  }
  const certificate = readCertificate(textOf(item.key));
  const startDateTime = dateOf(item.startDateTime) ?? certificate.validFromDate;
  const endDateTime = dateOf(item.endDateTime) ?? certificate.validToDate;
  if (startDateTime < certificate.validFromDate || startDateTime > certificate.validToDate) {
    throw invalidCredential("StartDate", "Key credential start date is invalid.");
  }
  if (endDateTime > certificate.validToDate || endDateTime <= startDateTime || endDateTime <= now) {
    throw invalidCredential("EndDate", "Key credential end date is invalid.");
  }
  return {
    keyId: typeof item.keyId === "string" ? item.keyId : randomUUID(),
    key: certificate.raw.toString("base64"),
    customKeyIdentifier:
      typeof item.customKeyIdentifier === "string" ? item.customKeyIdentifier : thumbprintOf(certificate.raw),
    displayName:
      typeof item.displayName === "string" ? item.displayName : certificate.subject.replaceAll("\n", ", "),
    startDateTime: toGraphTime(startDateTime),
    endDateTime: toGraphTime(endDateTime),
    type: "AsymmetricX509Cert",
    usage: "Verify",
  };
}

/** What may come back with an existing credential is what was read, with `displayName` free. */
function keepKeyCredential(item: JsonObject, known: KeyCredential): KeyCredential {
  const unchanged =
    sameTime(item.endDateTime, known.endDateTime) &&
    sameTime(item.startDateTime, known.startDateTime) &&
    [undefined, null, known.type].includes(item.type as string) &&
    [undefined, null, known.usage].includes(item.usage as string) &&
    [undefined, null, known.customKeyIdentifier].includes(item.customKeyIdentifier as string) &&
    (item.key === undefined ||
      item.key === null ||
      readCertificate(textOf(item.key)).raw.toString("base64") === known.key);
  if (!unchanged) {
    throw badRequest(`Update to existing credential with KeyId '${known.keyId}' is not allowed.`);
  }
  return typeof item.displayName === "string" ? { ...known, displayName: item.displayName } : known;
}

function readCertificate(key: string): X509Certificate {
  const bytes = Buffer.from(key, "base64");
  try {
    const certificate = new X509Certificate(bytes);
    if (certificate.publicKey.asymmetricKeyType !== "rsa") throw new Error("Not an RSA key.");
    return certificate;
  } catch {
    throw invalidCredential("Value", "Key credential value is invalid.");
  }
}

function sameTime(written: Json | undefined, known: string): boolean {
  return written === undefined || written === null || Date.parse(textOf(written)) === Date.parse(known);
}

function dateOf(value: Json | undefined): Date | undefined {
  return typeof value === "string" ? new Date(value) : undefined;
}

function invalidCredential(what: string, message: string): Error {
  return badRequest(message, `KeyCredentialsInvalid${what}`);
}
