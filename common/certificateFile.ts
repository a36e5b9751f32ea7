import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { CertificateWithKey } from "./certificate.ts";
import { decodeText, whyUnreadable } from "./textFile.ts";

/** A certificate file that cannot be used, and what to do about it. */
export class CertificateFileError extends Error {
  override readonly name = "CertificateFileError";

  /** @param subject what cannot be used, as in `The certificate file "x.pfx"` */
  constructor(subject: string, problem: string, options?: ErrorOptions) {
    super(`${subject} ${problem}`, options);
  }
}

/** How a certificate and its key are opened. */
export interface CertificatePassword {
  /** Undefined where none was given. */
  readonly password: string | undefined;
  /** Where to give one, as in `with --password-file`. */
  readonly source: string;
}

/**
 * Reads a PEM file with certificate and private key, in any order, or a PFX.
 *
 * @throws CertificateFileError
 */
export async function readCertificateFile(
  file: string,
  password: CertificatePassword,
): Promise<CertificateWithKey> {
  const subject = `The certificate file "${file}"`;
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CertificateFileError(subject, `cannot be read: ${whyUnreadable(error)}.`, { cause: error });
  });
  return readCertificateBytes(subject, bytes, password);
}

/**
 * As `readCertificateFile`, for what has been read already.
 *
 * @param subject what the bytes are, for errors, as in `The certificate file "x.pfx"`
 * @throws CertificateFileError
 */
export async function readCertificateBytes(
  subject: string,
  bytes: Buffer,
  { password, source }: CertificatePassword,
): Promise<CertificateWithKey> {
  const encoded = encodedBytes(bytes);
  if (encoded !== undefined) return readCertificateBytes(subject, encoded, { password, source });
  const text = pemText(bytes);
  if (text === undefined && isCertificate(bytes)) {
    throw new CertificateFileError(
      subject,
      "holds a certificate and no private key. Give a file with a certificate and its private key.",
    );
  }
  const found = await parse().catch((error: unknown) => {
    if (error instanceof CertificateFileError) throw error;
    const problem = describe(error, text !== undefined, { password, source });
    throw new CertificateFileError(subject, problem, { cause: error });
  });
  const problem = keyProblem(createPrivateKey(found.privateKeyPem));
  if (problem !== undefined) throw new CertificateFileError(subject, problem);
  return found;

  async function parse(): Promise<CertificateWithKey> {
    if (text !== undefined) return parsePem(subject, text, password);
    const { readPfx } = await import("./readPfx.ts");
    return readPfx(bytes, password ?? "");
  }
}

/** The text of a PEM file; undefined for bytes that are none. Comments before a block may be of any encoding. */
function pemText(bytes: Buffer): string | undefined {
  return [decodeText(bytes), bytes.toString("latin1")].find((text) => text.includes("-----BEGIN "));
}

/** What a file holds that is Base64 as a whole, as a pipeline's secret is saved; undefined for any other file. */
function encodedBytes(bytes: Buffer): Buffer | undefined {
  const text = decodeText(bytes).replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/]{64,}={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

function isCertificate(bytes: Buffer): boolean {
  try {
    return new X509Certificate(bytes).raw.length > 0;
  } catch {
    return false;
  }
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

function parsePem(subject: string, text: string, password: string | undefined): CertificateWithKey {
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

/** What keeps Entra from taking a key. Source: AADSTS700027, "RSA key size 1024 is less than the minimum required 2048 bits". */
function keyProblem({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string | undefined {
  const wanted = "Entra accepts RSA keys of 2048 bits or more. Create a certificate with such a key.";
  if (type !== "rsa") return `holds a key of type ${type ?? "unknown"}. ${wanted}`;
  const bits = details?.modulusLength ?? 0;
  return bits < 2048 ? `holds an RSA key of ${bits} bits. ${wanted}` : undefined;
}

/** OpenSSL's words say what is wrong to those who know it; these say it to everyone. */
function describe(error: unknown, isPem: boolean, { password, source }: CertificatePassword): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/mac verify|bad decrypt|MISSING_PASSPHRASE|interrupted or cancelled|needed/i.test(reason)) {
    if (password === undefined) return `needs a password. Give it ${source}.`;
    const space = password === password.trim() ? "" : ", which begins or ends with a space";
    return `cannot be opened with this password${space}. Give the right one.`;
  }
  if (reason.includes("Unable to load private key from PFX data")) {
    return "holds no private key. Give a file with a certificate and its private key.";
  }
  if (reason.includes("Unsupported PKCS12")) {
    return "is encrypted with RC2, which is no longer supported. Export it again with triple DES or AES.";
  }
  return `cannot be read as ${isPem ? "PEM" : "PEM or PFX"}: ${reason}.`;
}
