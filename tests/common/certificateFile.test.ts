import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CertificateFileError, readCertificateFile } from "../../common/certificateFile.ts";
import type { TestCertificate } from "../graph/testCertificate.ts";
import { makeCertificate } from "../graph/testCertificate.ts";

const folder = mkdtempSync(join(tmpdir(), "exo-auth-certificate-"));
const password = "correct horse";
let made: TestCertificate;

beforeAll(async () => {
  made = await makeCertificate();
  writeFileSync(join(folder, "key.pem"), made.privateKeyPem);
  writeFileSync(join(folder, "certificate.pem"), made.certificatePem);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["AES and SHA-256", []],
  ["Triple DES and SHA-1", ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]],
  ["an unencrypted certificate", ["-certpbe", "NONE"]],
])("reads a PFX of OpenSSL with %s", async (_, options) => {
  const file = exportPfx(options);
  expect(pems(await readCertificateFile(file, password))).toEqual(pems(made));
});

test("reads certificate and key from a PEM file, in any order", async () => {
  const { certificatePem, privateKeyPem } = made;
  for (const text of [`${certificatePem}\n${privateKeyPem}`, `${privateKeyPem}\n${certificatePem}`]) {
    expect(pems(await readCertificateFile(write("both.pem", text), undefined))).toEqual(pems(made));
  }
});

test("reads an encrypted key in PEM", async () => {
  const key = createPrivateKey(made.privateKeyPem);
  const pem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password });
  const file = write("encrypted.pem", `${made.certificatePem}\n${pem.toString()}`);
  expect(pems(await readCertificateFile(file, password))).toEqual(pems(made));
  await expect(problem(file, "wrong")).resolves.toBe("does not open with this password. Give the right one.");
  await expect(problem(file)).resolves.toBe("does not open with this password. Give the right one.");
});

test("refuses the wrong password of a PFX", async () => {
  const file = exportPfx([]);
  await expect(problem(file, "wrong")).resolves.toBe("does not open with this password. Give the right one.");
  await expect(problem(file)).resolves.toBe("does not open with this password. Give the right one.");
});

test("refuses a file without a key, without a certificate, and one that is neither", async () => {
  await expect(problem(write("only.pem", made.certificatePem))).resolves.toBe(
    "holds no private key. Give a file with certificate and private key.",
  );
  await expect(problem(write("only.pem", made.privateKeyPem))).resolves.toBe(
    "holds no certificate. Give a file with certificate and private key.",
  );
  await expect(problem(write("text", "hello"))).resolves.toMatch(/^is no PEM or PFX that can be read: /);
});

test("refuses a key that is not the certificate's", async () => {
  const other = await makeCertificate();
  const file = write("mixed.pem", `${made.certificatePem}\n${other.privateKeyPem}`);
  await expect(problem(file)).resolves.toBe(
    "holds a private key that is not the certificate's. Give the key that the certificate was made for.",
  );
});

test("refuses a PFX with RC2, and says what to do", async () => {
  const file = exportPfx(["-legacy"]);
  await expect(problem(file, password)).resolves.toBe(
    "is encrypted with RC2, which is no longer supported. Export it again with Triple DES or AES.",
  );
});

test("names a file that is not there", async () => {
  await expect(problem(join(folder, "none"))).resolves.toMatch(/^cannot be read: Error: ENOENT/);
});

function exportPfx(options: readonly string[]): string {
  const file = join(folder, "test.pfx");
  const files = ["-inkey", join(folder, "key.pem"), "-in", join(folder, "certificate.pem"), "-out", file];
  execFileSync("openssl", ["pkcs12", "-export", ...files, "-passout", `pass:${password}`, ...options]);
  return file;
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Without the line breaks, in which tools differ. */
function pems({ certificatePem, privateKeyPem }: TestCertificate): string[] {
  return [certificatePem, privateKeyPem].map((pem) => pem.replaceAll(/\s/g, ""));
}

async function problem(file: string, given?: string): Promise<string> {
  const error: unknown = await readCertificateFile(file, given).catch((caught: unknown) => caught);
  if (!(error instanceof CertificateFileError)) throw new Error(`not the expected failure: ${String(error)}`);
  const prefix = `The certificate file "${file}" `;
  expect(error.message.startsWith(prefix)).toBe(true);
  return error.message.slice(prefix.length);
}
