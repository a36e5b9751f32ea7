import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { CertificateWithKey } from "./certificate.ts";

/** A certificate file that cannot be used, and what to do about it. */
export class CertificateFileError extends Error {
  override readonly name = "CertificateFileError";

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`The certificate file "${file}" ${problem}`, options);
  }
}

/**
 * Reads a PEM file with certificate and private key, in any order, or a PFX.
 *
 * @throws CertificateFileError
 */
export async function readCertificateFile(
  file: string,
  password: string | undefined,
): Promise<CertificateWithKey> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CertificateFileError(file, `cannot be read: ${String(error)}.`, { cause: error });
  });
  const found = await parse(file, bytes, password);
  const certificate = new X509Certificate(found.certificatePem);
  if (certificate.checkPrivateKey(createPrivateKey(found.privateKeyPem))) return found;
  throw new CertificateFileError(
    file,
    "holds a private key that is not the certificate's. Give the key that the certificate was made for.",
  );
}

async function parse(file: string, bytes: Buffer, password: string | undefined): Promise<CertificateWithKey> {
  const text = bytes.toString("latin1");
  const isPem = text.includes("-----BEGIN ");
  try {
    if (isPem) return parsePem(file, text, password);
    const { readPfx } = await import("./readPfx.ts");
    return readPfx(bytes, password ?? "");
  } catch (error) {
    if (error instanceof CertificateFileError) throw error;
    throw new CertificateFileError(file, describe(error, isPem), { cause: error });
  }
}

function parsePem(file: string, text: string, password: string | undefined): CertificateWithKey {
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text) ?? [];
  const [key] =
    /-----BEGIN (?:\w+ )*PRIVATE KEY-----[^]+?-----END (?:\w+ )*PRIVATE KEY-----/.exec(text) ?? [];
  if (certificate === undefined || key === undefined) {
    const missing = certificate === undefined ? "certificate" : "private key";
    throw new CertificateFileError(
      file,
      `holds no ${missing}. Give a file with certificate and private key.`,
    );
  }
  const privateKey = createPrivateKey(password === undefined ? key : { key, passphrase: password });
  return {
    certificatePem: new X509Certificate(certificate).toString(),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** OpenSSL's words say what is wrong to those who know it; these say it to everyone. */
function describe(error: unknown, isPem: boolean): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/mac verify|bad decrypt|MISSING_PASSPHRASE|interrupted or cancelled|needed/i.test(reason)) {
    return "does not open with this password. Give the right one.";
  }
  if (reason.includes("Unsupported PKCS12")) {
    return "is encrypted with RC2, which is no longer supported. Export it again with Triple DES or AES.";
  }
  return `is no ${isPem ? "PEM" : "PEM or PFX"} that can be read: ${reason}.`;
}
