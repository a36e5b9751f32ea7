import { X509Certificate } from "node:crypto";

import { type DerElement, derChildren, derElements, derTag } from "../../common/derElement.ts";

/** What a text holds that was given as a certificate. */
export interface CertificateContent {
  /** DER of each certificate, in their order. */
  readonly certificates: readonly Buffer[];
  readonly holdsPrivateKey: boolean;
  /** Names of whatever else it holds, such as "a certificate request". */
  readonly others: readonly string[];
}

/**
 * Finds what a text holds: PEM in any form that editors, variables and JSON leave of it, or the Base64 of PEM, of one or
 * several DER structures, or of a PKCS#7 file.
 *
 * @returns undefined where it can be read as none of these.
 */
export function certificateContent(text: string): CertificateContent | undefined {
  // A variable that took JSON's escapes has the two characters \n for each end of a line. A file in UTF-16 that a program
  // reads as UTF-8 has a NUL at each character.
  const plain = text
    .replace(/^[\uFEFF\uFFFD]+/, "")
    .replaceAll("\0", "")
    // What prints JSON prints a text in quotes, as the Azure CLI with `--query cer` does.
    .replace(/^\s*"([^"]*)"\s*$/, "$1")
    .replaceAll(/\\r|\\n/g, "\n");
  if (plain.includes("-----BEGIN ")) return pemContent(plain);
  const base64 = plain.replaceAll(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  return bytesContent(Buffer.from(base64, "base64"));
}

function bytesContent(bytes: Buffer): CertificateContent | undefined {
  // PEM is ASCII: in UTF-16, which Windows PowerShell writes, each second octet is zero.
  const text = bytes.toString("latin1").replaceAll("\0", "");
  if (text.includes("-----BEGIN ")) return pemContent(text);
  return derContent(bytes);
}

function derContent(bytes: Buffer): CertificateContent | undefined {
  const elements = derElements(bytes);
  if (elements === undefined || elements.some(({ tag }) => tag !== derTag.sequence)) return undefined;
  return together(elements.map(elementContent));
}

function pemContent(text: string): CertificateContent | undefined {
  const blocks = [...text.matchAll(/-----BEGIN ([^-\n]+)-----([^-]*)-----END \1-----/g)];
  const parts = blocks.map(([, label = "", body = ""]) => blockContent(label, body));
  const holdsPrivateKey = text.includes("PRIVATE KEY");
  if (parts.includes(undefined) || blocks.length !== text.split("-----BEGIN ").length - 1) {
    return holdsPrivateKey ? { certificates: [], holdsPrivateKey, others: [] } : undefined;
  }
  const content = together(parts.filter((part) => part !== undefined));
  const others = blocks.reduce((rest, [block]) => rest.replace(block, "\n"), text);
  return {
    ...content,
    holdsPrivateKey: holdsPrivateKey || content.holdsPrivateKey,
    others: [...content.others, ...(isData(others) ? [dataNextToIt] : [])],
  };
}

const dataNextToIt = "data next to its PEM, which can be a private key";

/** Longer than the fingerprints that people note next to a certificate, and shorter than a part of any key of RSA. */
const mostLetters = 128;

/** Whether a text has more than words: Base64 or hexadecimal digits, as a key without its label is. */
function isData(text: string): boolean {
  const runs = text.match(/[A-Za-z0-9+/]{40,}/g) ?? [];
  return runs.join("").length > mostLetters;
}

/** What the labels of RFC 7468 and OpenSSL name that is neither certificate nor private key. */
const otherLabels: Readonly<Record<string, string>> = {
  "CERTIFICATE REQUEST": "a certificate request",
  "NEW CERTIFICATE REQUEST": "a certificate request",
  "PUBLIC KEY": "a public key",
  "RSA PUBLIC KEY": "a public key",
  "X509 CRL": "a revocation list",
};

function blockContent(label: string, body: string): CertificateContent | undefined {
  if (label.includes("PRIVATE KEY")) return { certificates: [], holdsPrivateKey: true, others: [] };
  const other = otherLabels[label];
  if (other !== undefined) return { certificates: [], holdsPrivateKey: false, others: [other] };
  const bytes = Buffer.from(body.replaceAll(/\s/g, ""), "base64");
  if (label !== "TRUSTED CERTIFICATE") return derContent(bytes);
  // OpenSSL's trusted certificate is the certificate, and then what it is trusted for.
  const [certificate, trust] = derElements(bytes) ?? [];
  if (certificate === undefined) return undefined;
  return together(
    [certificate, ...derChildren(trust)].map(elementContent).filter(({ others }) => others.length === 0),
  );
}

function elementContent(element: DerElement): CertificateContent {
  const content = { certificates: [], holdsPrivateKey: false, others: [] };
  if (isCertificate(element.bytes)) return { ...content, certificates: [element.bytes] };
  const [first, second] = derChildren(element);
  if (first?.tag === derTag.integer) return { ...content, holdsPrivateKey: true };
  // RFC 5958: an encrypted private key is the algorithm's identifier and then the octets.
  if (first?.tag === derTag.sequence && second?.tag === derTag.octetString)
    return { ...content, holdsPrivateKey: true };
  const signedData = first && signedDataOf(first, second);
  if (signedData) return signedData;
  return { ...content, others: ["something that is not a certificate"] };
}

/** PKCS#7 as Windows and OpenSSL write it: the content type signed data, with certificates and no content of its own. */
function signedDataOf(type: DerElement, value: DerElement | undefined): CertificateContent | undefined {
  if (type.bytes.toString("hex") !== "06092a864886f70d010702") return undefined;
  const parts = derChildren(derChildren(value)[0]);
  const [, , inner] = parts;
  const certificates = derChildren(parts.find(({ tag }) => tag === derTag.context0));
  if (certificates.length === 0 || derChildren(inner).length !== 1) return undefined;
  return together(certificates.map(elementContent));
}

function together(parts: readonly CertificateContent[]): CertificateContent {
  return {
    certificates: parts.flatMap(({ certificates }) => certificates),
    holdsPrivateKey: parts.some(({ holdsPrivateKey }) => holdsPrivateKey),
    others: [...new Set(parts.flatMap(({ others }) => others))],
  };
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}
