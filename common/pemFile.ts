import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateWithKey } from "./certificate.ts";
import { CertificateFileError } from "./certificateFileError.ts";
import { derChildren, derElements, derTag } from "./derElement.ts";
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
 * The PFX that stands in a file as a block of a certificate, since `certutil -encode` of Windows labels whatever it encodes
 * so; undefined for any other file.
 */
export function pfxInPem(text: string): Buffer | undefined {
  const [block, ...others] = blocks(text, "CERTIFICATE");
  if (block === undefined || others.length > 0 || text.includes("PRIVATE KEY")) return undefined;
  const bytes = Buffer.from(block.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  const [version] = derChildren(derElements(bytes)?.[0]);
  return version?.tag === derTag.integer ? bytes : undefined;
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
  const keys = blocks(text, "(?:\\w+ )*PRIVATE KEY");
  if (certificates.length === 0 || keys.length === 0) {
    const missing = keys.length === 0 ? "private key" : "certificate";
    throw new CertificateFileError(
      subject,
      `holds no ${missing}. Give a file with a certificate and its private key.`,
    );
  }
  if (keys.every((key) => key.startsWith("-----BEGIN OPENSSH "))) {
    throw new CertificateFileError(
      subject,
      "holds a private key in OpenSSH's own form. Convert a copy of the key with `ssh-keygen -p -m PKCS8 -f FILE`, and give the result with its certificate.",
    );
  }
  // Files of whole chains differ in what comes first, and some have keys of several certificates.
  const [own] = pairsOf(certificates, keys, password);
  if (own === undefined) {
    throw new CertificateFileError(
      subject,
      "holds a private key that does not belong to the certificate. Give the key of the certificate.",
    );
  }
  return {
    certificatePem: own.certificate.toString(),
    privateKeyPem: own.key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Certificates with their keys. @throws OpenSSL's error where no key can be opened */
function pairsOf(
  certificates: readonly X509Certificate[],
  keys: readonly string[],
  password: string | undefined,
): readonly { readonly certificate: X509Certificate; readonly key: KeyObject }[] {
  const problems: unknown[] = [];
  const pairs = keys.flatMap((pem) => {
    try {
      const key = openKey(pem, password);
      const certificate = certificates.find((each) => each.checkPrivateKey(key));
      return certificate === undefined ? [] : [{ certificate, key }];
    } catch (error) {
      problems.push(error);
      return [];
    }
  });
  if (pairs.length === 0 && problems.length > 0) throw problems[0];
  return pairs;
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
