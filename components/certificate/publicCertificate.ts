import { X509Certificate } from "node:crypto";

/**
 * A certificate that was made elsewhere, as PEM.
 *
 * @param text PEM, or the Base64 of the DER (with or without line breaks), which Windows exports as `.cer`.
 * @throws Error with the sentence of `publicCertificateProblem` where it cannot be used.
 */
export function publicCertificatePem(text: string): string {
  const problem = publicCertificateProblem(text);
  if (problem !== undefined) throw new Error(`\`publicCertificate\` ${problem}`);
  return parse(text).toString();
}

/** What is wrong with a certificate that was made elsewhere, as the end of a sentence; undefined where nothing is. */
export function publicCertificateProblem(value: unknown): string | undefined {
  if (typeof value !== "string" || value.trim() === "") return `is empty. ${remedy}`;
  if (value.includes("PRIVATE KEY")) {
    return "holds a private key, which must stay where it was made. Give the certificate alone.";
  }
  const count = value.match(/-----BEGIN /g)?.length ?? 0;
  if (count > 1) return `holds ${count} PEM blocks, but one is wanted. Give the leaf certificate alone.`;
  let certificate: X509Certificate;
  try {
    certificate = parse(value);
  } catch {
    return `is no certificate. ${remedy}`;
  }
  const { asymmetricKeyType } = certificate.publicKey;
  if (asymmetricKeyType === "rsa") return undefined;
  return `has a key of type ${asymmetricKeyType}, but Entra and Exchange's module take RSA alone. Make one with an RSA key of 2048 bits or more.`;
}

/** What a user should know about a certificate that works only at another time; undefined where it works now. */
export function validityWarning(
  { validFromDate, validToDate }: X509Certificate,
  now: Date,
): string | undefined {
  if (now < validFromDate)
    return `is not valid before ${validFromDate.toISOString()}. Nothing can sign in with it until then.`;
  if (now > validToDate)
    return `expired at ${validToDate.toISOString()}. Nothing can sign in with it; add a generation with a new one.`;
  return undefined;
}

const remedy = "Give its PEM, or the Base64 of the .cer file that Windows exports.";

function parse(text: string): X509Certificate {
  const isPem = text.includes("-----BEGIN ");
  return new X509Certificate(isPem ? text.trim() : Buffer.from(text.replaceAll(/\s/g, ""), "base64"));
}
