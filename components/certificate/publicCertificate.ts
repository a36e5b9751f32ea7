import { counted } from "../../common/counted.ts";
import { timeInWords } from "../../common/time.ts";
import { X509Certificate } from "node:crypto";

import { certificateContent } from "./certificateContent.ts";
import { publicKeyOf, weaknessOf } from "../../common/certificateWeakness.ts";

/** The lifetime in days that CISA's policy MS.AAD.5.7 asks certificates to stay below, and many tenants' policies. */
const advisedDays = 365;

/** What a user should know about a certificate that can be used, as ends of sentences. */
export function certificateWarnings(certificate: X509Certificate, now: Date): readonly string[] {
  const { validFromDate, validToDate } = certificate;
  const warnings: string[] = [];
  const weakness = weaknessOf(certificate);
  if (weakness !== undefined)
    warnings.push(`${weakness}. \`acceptedSha256\` accepts it. Add a generation with a better certificate.`);
  if (now < validFromDate)
    warnings.push(
      `is not valid before ${timeInWords(validFromDate)}. Nothing can sign in with it until then.`,
    );
  if (now > validToDate)
    warnings.push(
      `expired at ${timeInWords(validToDate)}. Nothing can sign in with it. Add a generation with a new one.`,
    );
  const days = Math.round((validToDate.getTime() - validFromDate.getTime()) / 86_400_000);
  const advice = validityAdvice(days);
  if (advice !== undefined) warnings.push(`is valid for ${counted(days, "day")}. ${advice}`);
  return warnings;
}

/** What a user should know about a lifetime that is longer than CISA and many tenants allow; undefined for others. */
export function validityAdvice(days: number): string | undefined {
  if (days <= advisedDays) return undefined;
  return `CISA's policy MS.AAD.5.7 asks for less than ${advisedDays} days, and a tenant's policy can refuse more.`;
}

const remedy = "Give its PEM, or the Base64 of the .cer file that Windows exports.";

/**
 * Reads a certificate that was made elsewhere.
 *
 * @param value PEM, PKCS#7 with one certificate, or the Base64 of the DER, which Windows exports as `.cer`.
 * @param acceptedSha256 SHA-256 of a certificate that may be weak.
 * @returns the certificate, or why it cannot be used as the end of a sentence, which never shows what was given.
 */
export function readPublicCertificate(
  value: unknown,
  acceptedSha256?: string,
): { readonly certificate: X509Certificate } | { readonly problem: string } {
  if (value === undefined || value === null) return { problem: `is empty. ${remedy}` };
  if (typeof value !== "string") {
    const what = value instanceof Uint8Array ? "the bytes of a file" : typeof value;
    return { problem: `must be a text, got ${what}. ${remedy}` };
  }
  // Windows shows an invisible mark before a thumbprint, and who copies the thumbprint takes the mark along.
  const text = value.replaceAll(/[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/g, "").trim();
  if (text === "") return { problem: `is empty. ${remedy}` };
  if (/^(?:[0-9a-f]{2}[: ]?){20}(?:(?:[0-9a-f]{2}[: ]?){12})?$/i.test(text))
    return { problem: `must be the certificate itself, got a thumbprint. ${remedy}` };
  if (/^(?:0x)?30\s*:?8[0-9a-f][0-9a-f\s:]*$/i.test(text))
    return { problem: `must be PEM or Base64, got hexadecimal digits. ${remedy}` };
  const content = certificateContent(text);
  if (content?.holdsPrivateKey || text.includes("PRIVATE KEY")) {
    return {
      problem:
        "contains a private key, which must stay where it was created. Give the certificate alone. Treat this key as known to others, because it can be in a file or a log now.",
    };
  }
  if (content === undefined && text.includes("\uFFFD"))
    return { problem: `must be a text, got the bytes of a file that was read as one. ${remedy}` };
  if (content === undefined || (content.certificates.length === 0 && content.others.length === 0))
    return { problem: `must be a certificate, but cannot be read as one. ${remedy}` };
  const { certificates, others } = content;
  const [der] = certificates;
  if (others.length > 0) {
    const what = [...(der ? ["a certificate"] : []), ...others].join(" and ");
    return { problem: `must be one certificate, got ${what}. ${remedy}` };
  }
  if (der === undefined || certificates.length > 1) {
    return {
      problem: `must be one certificate, got ${certificates.length}. Give the leaf certificate alone.`,
    };
  }
  const certificate = new X509Certificate(der);
  const problem = keyProblem(certificate) ?? acceptanceProblem(certificate, acceptedSha256);
  return problem === undefined ? { certificate } : { problem };
}

function keyProblem(certificate: X509Certificate): string | undefined {
  const asymmetricKeyType = publicKeyOf(certificate)?.asymmetricKeyType;
  if (asymmetricKeyType === "rsa") return undefined;
  const type =
    asymmetricKeyType === undefined ? "a type that Node does not know" : `type ${asymmetricKeyType}`;
  return `must have an RSA key, because Entra and Exchange's module accept no other, got ${type}. Create one with an RSA key of 2048 bits or more.`;
}

function acceptanceProblem(
  certificate: X509Certificate,
  acceptedSha256: string | undefined,
): string | undefined {
  const sha256 = certificate.fingerprint256.replaceAll(":", "");
  const accepted = acceptedSha256?.replaceAll(/[:\s]/g, "").toUpperCase();
  if (accepted !== undefined && accepted !== sha256)
    return `is not the certificate that \`acceptedSha256\` accepts: its SHA-256 is ${sha256}. Correct \`acceptedSha256\`, or remove it.`;
  const weakness = weaknessOf(certificate);
  if (weakness === undefined || accepted === sha256) return undefined;
  return `${weakness}. Create a better one. To keep this one for now, add \`acceptedSha256: "${sha256}"\` next to it.`;
}
