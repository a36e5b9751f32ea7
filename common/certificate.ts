import { createHash, X509Certificate } from "node:crypto";
import { timeText } from "./time.ts";

/** A certificate with its private key, both in PEM. */
export interface CertificateWithKey {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** What there is to know of a certificate. */
export interface CertificateFacts {
  /** The subject's common name; empty where it has none. */
  readonly commonName: string;
  /** Base64 of the certificate's DER: the content of a `.cer` file. */
  readonly derBase64: string;
  /** SHA-1 of the certificate's DER, upper-case hex: what Windows, Entra and Connect-ExchangeOnline call the thumbprint. */
  readonly thumbprint: string;
  /** SHA-256 of the certificate's DER, upper-case hex. */
  readonly thumbprintSha256: string;
  /** Start of validity, RFC 3339 in UTC, whole seconds. */
  readonly notBefore: string;
  /** End of validity, RFC 3339 in UTC, whole seconds. */
  readonly notAfter: string;
}

/**
 * Reads what matters from a certificate in PEM.
 *
 * Dates come from the certificate itself and have whole seconds: the tls plugin's own `validityEndTime` has nanoseconds,
 * Entra keeps seconds, and the difference would replace the credential at every plan.
 *
 * @throws TypeError where `pem` is no certificate.
 */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    commonName: commonName(certificate),
    derBase64: certificate.raw.toString("base64"),
    thumbprint: derDigest("sha1", certificate.raw).toUpperCase(),
    thumbprintSha256: derDigest("sha256", certificate.raw).toUpperCase(),
    notBefore: timeText(certificate.validFromDate),
    notAfter: timeText(certificate.validToDate),
  };
}

/** SHA-256 of a certificate, given in PEM or DER: of its DER, lower-case hex. @throws where it is not a certificate */
export function certificateSha256(certificate: string | Buffer): string {
  return derDigest("sha256", new X509Certificate(certificate).raw);
}

/**
 * SHA-256 of a certificate's public key (its SubjectPublicKeyInfo), lower-case hex: the same for every certificate of one key.
 *
 * @param certificate in PEM or DER
 * @throws where it is not a certificate, or its key cannot be read
 */
export function publicKeySha256Of(certificate: string | Buffer): string {
  const { publicKey } = new X509Certificate(certificate);
  return derDigest("sha256", publicKey.export({ type: "spki", format: "der" }));
}

/**
 * SHA-256 of the certificate in a key credential, lower-case hex.
 *
 * @param key the DER in Base64, as Graph gives it where it is selected
 * @returns undefined where Graph gave no bytes, or they are not a certificate
 */
export function keySha256(key: string | null | undefined): string | undefined {
  try {
    return certificateSha256(Buffer.from(key ?? "", "base64"));
  } catch {
    return undefined;
  }
}

/**
 * Whether the bytes of a key credential are one certificate, as DER or PEM, and nothing else. Where there is more, nobody
 * knows which of it Entra goes by.
 *
 * @param key as `keySha256`
 */
export function isOneCertificate(key: string): boolean {
  const bytes = Buffer.from(key, "base64");
  try {
    const { raw } = new X509Certificate(bytes);
    if (bytes.equals(raw)) return true;
    const [, body] = onePem.exec(bytes.toString("latin1")) ?? [];
    return body !== undefined && Buffer.from(body, "base64").equals(raw);
  } catch {
    return false;
  }
}

const onePem = /^\s*-----BEGIN CERTIFICATE-----([\w+/=\s]+)-----END CERTIFICATE-----\s*$/;

/** The legacy form has the name as it is; `subject` has it with the escapes of RFC 2253. */
function commonName(certificate: X509Certificate): string {
  const name: unknown = certificate.toLegacyObject().subject.CN;
  const [first = ""]: unknown[] = Array.isArray(name) ? name : [name];
  return typeof first === "string" ? first : "";
}

/** A fingerprint in lower-case hex, of bytes that are taken as they are. */
export function derDigest(algorithm: "sha1" | "sha256", der: Uint8Array): string {
  return createHash(algorithm).update(der).digest("hex");
}
