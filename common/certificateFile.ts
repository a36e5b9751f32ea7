import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { CertificateWithKey } from "./certificate.ts";
import { decodeText } from "./textFile.ts";
import { whyUnreadable } from "./unreadable.ts";
import { parsePem, pemText, pfxInPem } from "./pemFile.ts";
import { CertificateFileError } from "./certificateFileError.ts";
import { errorMessage } from "./errorMessage.ts";

/** How a certificate and its key are opened. */
export interface CertificatePassword {
  /** Undefined where none was given. */
  readonly password: string | undefined;
  /** What may be the password instead: with the line's end that a file has. @default nothing */
  readonly otherwise?: string | undefined;
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
    throw new CertificateFileError(subject, `${whyUnreadable(error)}.`, { cause: error });
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
  { password, otherwise, source }: CertificatePassword,
): Promise<CertificateWithKey> {
  const encoded = encodedBytes(bytes);
  if (encoded !== undefined) return readCertificateBytes(subject, encoded, { password, otherwise, source });
  const form = foreignForm(bytes);
  if (form !== undefined) throw new CertificateFileError(subject, form);
  const text = pemText(bytes);
  const labelled = text === undefined ? undefined : pfxInPem(text);
  if (labelled !== undefined) return readCertificateBytes(subject, labelled, { password, otherwise, source });
  if (text === undefined && isCertificate(bytes)) {
    throw new CertificateFileError(
      subject,
      "holds a certificate and no private key. Give a file with a certificate and its private key.",
    );
  }
  const found = await parse(password).catch(async (error: unknown) => {
    const second = otherwise === undefined ? undefined : await parse(otherwise).catch(() => undefined);
    if (second !== undefined) return second;
    if (error instanceof CertificateFileError) throw error;
    const problem = describe(error, text !== undefined, { password, source });
    throw new CertificateFileError(subject, problem, { cause: error });
  });
  const problem = keyProblem(createPrivateKey(found.privateKeyPem));
  if (problem !== undefined) throw new CertificateFileError(subject, problem);
  return found;

  async function parse(wanted: string | undefined): Promise<CertificateWithKey> {
    if (text !== undefined) return parsePem(subject, text, wanted);
    const { readPfx } = await import("./readPfx.ts");
    return readPfx(bytes, wanted ?? "");
  }
}

/** What a file holds that is Base64 as a whole, as a pipeline's secret is saved; undefined for any other file. */
function encodedBytes(bytes: Buffer): Buffer | undefined {
  // The Azure CLI prints a secret of Key Vault in JSON's quotes.
  const text = decodeText(bytes)
    .replaceAll(/\s/g, "")
    .replace(/^"(.*)"$/, "$1");
  return /^[A-Za-z0-9+/]{64,}={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

/** What is told of a file that is neither PEM nor PFX, but something else that is known; undefined for all others. */
function foreignForm(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return "is empty. Give a file with a certificate and its private key.";
  if (bytes.subarray(0, 4).equals(javaKeystore))
    return "is a Java keystore. Convert it with `keytool -importkeystore -deststoretype pkcs12`, and give the result.";
  const isText = bytes.toString("latin1").includes("-----BEGIN ");
  if (!isText && bytes.includes(replacementCharacter))
    return "was saved as text, which destroys a PFX. Copy it again as a binary file, or as Base64.";
  return undefined;
}

const javaKeystore = Buffer.from("feedfeed", "hex");
/** U+FFFD, three times: what a program writes for bytes that it has read as text. */
const replacementCharacter = Buffer.from("\uFFFD".repeat(3));

function isCertificate(bytes: Buffer): boolean {
  try {
    return new X509Certificate(bytes).raw.length > 0;
  } catch {
    return false;
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
  const reason = errorMessage(error);
  if (/mac verify|bad decrypt|MISSING_PASSPHRASE|interrupted or cancelled|needed/i.test(reason)) {
    if (password === undefined) return `needs a password. Give it ${source}.`;
    const space = password === password.trim() ? "" : ", which begins or ends with a space";
    return `cannot be opened with this password${space}. Give the right one.`;
  }
  if (reason.includes("Unable to load private key from PFX data")) {
    return "holds no private key. Give a file with a certificate and its private key.";
  }
  if (reason.includes("Unable to load certificate from PFX data")) {
    return "holds no certificate. Give a file with a certificate and its private key.";
  }
  if (reason.includes("Unsupported PKCS12")) {
    return "is encrypted with RC2, which is no longer supported. Export it again with triple DES or AES.";
  }
  return `cannot be read as ${isPem ? "PEM" : "PEM or PFX"}: ${reason}.`;
}
