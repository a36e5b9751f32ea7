import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateWithKey } from "./certificate.ts";
import { CertificateFileError } from "./certificateFileError.ts";
import { decodeText } from "./textFile.ts";

/** The text of a PEM file; undefined for bytes that are none. Comments before a block may be of any encoding. */
export function pemText(bytes: Buffer): string | undefined {
  return [decodeText(bytes), bytes.toString("latin1")].find((text) => text.includes("-----BEGIN "));
}

/** The blocks of these labels. */
function blocks(text: string, label: string): string[] {
  const block = new RegExp(`(-----BEGIN (${label})-----)([^]+?)(-----END \\2-----)`, "g");
  return [...text.matchAll(block)].map(([, begin = "", , body = "", end = ""]) =>
    [begin, ...linesOf(body), end].join("\n"),
  );
}

/** Editors, variables and JSON change the lines of a block, which OpenSSL wants as they were. Headers stay as they are. */
function linesOf(body: string): readonly string[] {
  if (body.includes(":")) return body.trim().split(/\r?\n/);
  const base64 = body.replaceAll(/\\[rn]/g, "").replaceAll(/[^A-Za-z0-9+/=]/g, "");
  return base64.match(/.{1,64}/g) ?? [];
}

/**
 * The certificate and the key of a PEM file, whatever else is in it.
 *
 * @throws CertificateFileError where one of them is missing, or they do not belong together; OpenSSL's error where the key
 * cannot be opened
 */
export function parsePem(subject: string, text: string, password: string | undefined): CertificateWithKey {
  // "X509 CERTIFICATE" is an older name of the same block, which Node does not know.
  const certificates = blocks(text, "(?:X509 |TRUSTED )?CERTIFICATE")
    .map((pem) => pem.replaceAll("X509 CERTIFICATE", "CERTIFICATE"))
    .map((pem) => new X509Certificate(pem));
  const [keyPem] = blocks(text, "(?:\\w+ )*PRIVATE KEY");
  if (certificates.length === 0 || keyPem === undefined) {
    const missing = keyPem === undefined ? "private key" : "certificate";
    throw new CertificateFileError(
      subject,
      `holds no ${missing}. Give a file with a certificate and its private key.`,
    );
  }
  const key = openKey(keyPem, password);
  // Files of whole chains differ in what comes first.
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own === undefined) {
    throw new CertificateFileError(
      subject,
      "holds a private key that does not belong to the certificate. Give the key of the certificate.",
    );
  }
  return {
    certificatePem: own.toString(),
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** OpenSSL finds no key, and does not say why, where a wrong password decrypts to an end that looks right: one of some 250. */
function openKey(keyPem: string, password: string | undefined): KeyObject {
  try {
    return createPrivateKey(password === undefined ? keyPem : { key: keyPem, passphrase: password });
  } catch (error) {
    const isDecrypted = error instanceof Error && "code" in error && error.code === "ERR_OSSL_UNSUPPORTED";
    throw isDecrypted && keyPem.includes("ENCRYPTED") ? new Error("bad decrypt", { cause: error }) : error;
  }
}
