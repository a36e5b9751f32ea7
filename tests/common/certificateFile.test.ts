import { execFileSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PKCS8ShroudedKeyBag } from "@peculiar/asn1-pfx";
import { AsnConvert } from "@peculiar/asn1-schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCertificateFile } from "../../common/certificateFile.ts";
import { CertificateFileError } from "../../common/certificateFileError.ts";
import type { CertificateWithKey } from "../../common/certificate.ts";
import { aesProtection } from "../../components/pfx/protection.ts";
import { makeCertificate, type TestCertificate } from "../graph/testCertificate.ts";

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
  expect(pems(await read(file, password))).toEqual(pems(made));
});

test("reads certificate and key from a PEM file, in any order", async () => {
  const { certificatePem, privateKeyPem } = made;
  for (const text of [`${certificatePem}\n${privateKeyPem}`, `${privateKeyPem}\n${certificatePem}`]) {
    expect(pems(await read(write("both.pem", text)))).toEqual(pems(made));
  }
});

test("reads an encrypted key in PEM", async () => {
  const key = createPrivateKey(made.privateKeyPem);
  const pem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password });
  const file = write("encrypted.pem", `${made.certificatePem}\n${pem.toString()}`);
  expect(pems(await read(file, password))).toEqual(pems(made));
  await expect(problem(file, "wrong")).resolves.toBe(
    "cannot be opened with this password. Give the right one.",
  );
  await expect(problem(file)).resolves.toBe("needs a password. Give it with --password-file.");
});

test.each([
  ["a password", password, "cannot be opened with this password. Give the right one."],
  ["no password", undefined, "needs a password. Give it with --password-file."],
])("says the same of bytes that are no key once they are decrypted: %s", async (_, given, expected) => {
  const protection = aesProtection(password, (use, length) => Buffer.alloc(length, use));
  const { algorithm, bytes } = protection.encrypt("key", Buffer.from("no key"));
  const bag = new PKCS8ShroudedKeyBag({ encryptionAlgorithm: algorithm, encryptedData: bytes });
  const body = Buffer.from(AsnConvert.serialize(bag)).toString("base64");
  const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${body}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
  const file = write("decrypted.pem", `${made.certificatePem}\n${pem}`);
  await expect(problem(file, given)).resolves.toBe(expected);
});

const forms: readonly (readonly [name: string, change: (pem: string) => string])[] = [
  ["text above the blocks (Forcepoint/fp-NGFW-SMC-python#82)", (pem) => `subject=CN=a\nissuer=CN=a\n${pem}`],
  [
    "a byte order mark and blank lines (mbillow/localthings#291)",
    (pem) => `\uFEFF${pem.replaceAll("\n", "\r\n\r\n")}`,
  ],
  ["a blank line first (smallstep/cli#1002)", (pem) => `\n${pem}`],
  ["blank lines at the end (robymus/wowza-letsencrypt-converter#4)", (pem) => `${pem}\n\n\n`],
  ["all on one line (schwabe/ics-openvpn#177)", (pem) => pem.replaceAll("\n", " ")],
  ["JSON's ends of lines", (pem) => pem.replaceAll("\n", String.raw`\n`)],
  ["YAML's indentation", (pem) => pem.replaceAll(/^/gm, "    ")],
  ["a web page's spaces", (pem) => pem.replaceAll("\n", "\u00a0\n")],
  ["Base64 around it (ngeri/prepare-signing#4)", (pem) => Buffer.from(pem).toString("base64")],
];

test.each(forms)("reads a PEM file with %s", async (_, change) => {
  const { certificatePem, privateKeyPem } = made;
  const file = write("form.pem", change(`${privateKeyPem.trim()}\n${certificatePem.trim()}\n`));
  expect(pems(await read(file))).toEqual(pems(made));
});

test("reads a PFX that a pipeline keeps as Base64, in lines of any length", async () => {
  const base64 = readFileSync(exportPfx([])).toString("base64");
  const file = write("secret.txt", `${base64.replaceAll(/.{76}/g, "$&\r\n")}\r\n`);
  expect(pems(await read(file, password))).toEqual(pems(made));
});

test("reads a PFX as `az keyvault secret show` prints it, in quotes (MicrosoftDocs/azure-docs#85465)", async () => {
  const base64 = readFileSync(exportPfx([])).toString("base64");
  expect(pems(await read(write("secret.json", `"${base64}"\n`), password))).toEqual(pems(made));
});

test("reads a PFX that `certutil -encode` has labelled as a certificate (dlemstra/code-sign-action#12)", async () => {
  const base64 = readFileSync(exportPfx([])).toString("base64").replaceAll(/.{64}/g, "$&\r\n");
  const text = `-----BEGIN CERTIFICATE-----\r\n${base64}\r\n-----END CERTIFICATE-----\r\n`;
  expect(pems(await read(write("encoded.txt", text), password))).toEqual(pems(made));
});

test("takes the key that the certificate is for out of several, wherever it stands", async () => {
  const other = await makeCertificate();
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "sec1",
    format: "pem",
  });
  const { certificatePem, privateKeyPem } = made;
  for (const keys of [
    [other.privateKeyPem, privateKeyPem],
    [privateKeyPem, other.privateKeyPem],
    [String(ec), privateKeyPem],
    [openSsh, privateKeyPem],
  ]) {
    const file = write("keys.pem", [...keys, certificatePem].join("\n"));
    expect(pems(await read(file))).toEqual(pems(made));
  }
});

/** The form of a key that `ssh-keygen` writes: it says so of itself, and holds none. */
const openSshLabel = ["OPENSSH", "PRIVATE", "KEY"].join(" ");
const openSsh = `-----BEGIN ${openSshLabel}-----\nb3BlbnNzaC1rZXktdjEA\n-----END ${openSshLabel}-----\n`;

test.each<[string, () => string | Buffer, string]>([
  [
    "a key of ssh-keygen (nodejs/help#4115)",
    () => openSsh + made.certificatePem,
    "holds a private key in OpenSSH's own form. Convert a copy of the key with `ssh-keygen -p -m PKCS8 -f FILE`, and give the result with its certificate.",
  ],
  ["nothing", () => "", "is empty. Give a file with a certificate and its private key."],
  [
    "a Java keystore, as cert-manager writes beside its PFX",
    () => Buffer.from("feedfeed0000000200000001", "hex"),
    "is a Java keystore. Convert it with `keytool -importkeystore -deststoretype pkcs12`, and give the result.",
  ],
  [
    "a PFX that was read as text (hashicorp/terraform-azurerm-terraform-enterprise#44)",
    () => readFileSync(exportPfx([])).toString("utf8"),
    "was saved as text, which destroys a PFX. Copy it again as a binary file, or as Base64.",
  ],
  [
    "a PFX without a certificate",
    () => readFileSync(exportPfx(["-nocerts"])),
    "holds no certificate. Give a file with a certificate and its private key.",
  ],
])("says what is wrong with %s", async (_, content, expected) => {
  await expect(problem(write("foreign", content()), password)).resolves.toBe(expected);
});

test("reads a PFX without encryption and MAC, whatever password is given (cert-manager/trust-manager#307)", async () => {
  const file = exportPfx(["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"]);
  for (const given of [undefined, "", "another"]) expect(pems(await read(file, given))).toEqual(pems(made));
});

test.each(["\u017c\u00f3\u0142w", "che$f 123", "\u{1F510} secret", "line\n"])(
  "takes the password %j (PeculiarVentures/PKI.js#404, cert-manager/cert-manager#2902)",
  async (given) => {
    const file = exportPfx(["-passout", `pass:${given}`]);
    expect(pems(await read(file, given))).toEqual(pems(made));
  },
);

test("a certificate alone in DER is told as such (Azure/azure-cli#23237)", async () => {
  const der = Buffer.from(made.certificatePem.replaceAll(/-----.*-----|\s/g, ""), "base64");
  await expect(problem(write("only.cer", der))).resolves.toBe(
    "holds a certificate and no private key. Give a file with a certificate and its private key.",
  );
});

test("refuses the wrong password of a PFX", async () => {
  const file = exportPfx([]);
  await expect(problem(file, "wrong")).resolves.toBe(
    "cannot be opened with this password. Give the right one.",
  );
  await expect(problem(file)).resolves.toBe("needs a password. Give it with --password-file.");
});

test("refuses a file without a key, without a certificate, and one that is neither", async () => {
  await expect(problem(write("only.pem", made.certificatePem))).resolves.toBe(
    "holds no private key. Give a file with a certificate and its private key.",
  );
  await expect(problem(write("only.pem", made.privateKeyPem))).resolves.toBe(
    "holds no certificate. Give a file with a certificate and its private key.",
  );
  await expect(problem(write("text", "hello"))).resolves.toMatch(/^cannot be read as PEM or PFX: /);
});

test("refuses a key that is not the certificate's", async () => {
  const other = await makeCertificate();
  const file = write("mixed.pem", `${made.certificatePem}\n${other.privateKeyPem}`);
  await expect(problem(file)).resolves.toBe(
    "holds a private key that does not belong to the certificate. Give the key of the certificate.",
  );
});

test("refuses a PFX with RC2, and says what to do", async () => {
  const file = exportPfx(["-legacy"]);
  await expect(problem(file, password)).resolves.toBe(
    "is encrypted with RC2, which is no longer supported. Export it again with triple DES or AES.",
  );
});

test("a PFX of certificates alone has no private key (OctopusDeploy/Issues#2070)", async () => {
  await expect(problem(exportPfx(["-nokeys"]), password)).resolves.toBe(
    "holds no private key. Give a file with a certificate and its private key.",
  );
});

test("names a file that is not there", async () => {
  await expect(problem(join(folder, "none"))).resolves.toBe("does not exist.");
  await expect(problem(folder)).resolves.toBe("is a folder.");
});

test("takes the certificate that the key is for out of a chain, wherever it stands", async () => {
  const { certificatePem: issuer } = await makeCertificate();
  const text = [made.privateKeyPem, issuer, made.certificatePem].join("\n");
  expect(pems(await read(write("chain.pem", text)))).toEqual(pems(made));
});

test.each<[string, (pem: string) => string | Buffer]>([
  ["the label X509 CERTIFICATE", (pem) => pem.replaceAll(" CERTIFICATE-", " X509 CERTIFICATE-")],
  ["UTF-16, as PowerShell 5.1 writes it", (pem) => Buffer.from(`\uFEFF${pem}`, "utf16le")],
  ["UTF-16, big end first", (pem) => Buffer.from(`\uFEFF${pem}`, "utf16le").swap16()],
  ["UTF-16 without a byte order mark", (pem) => Buffer.from(pem, "utf16le")],
  ["UTF-16 without a byte order mark, big end first", (pem) => Buffer.from(pem, "utf16le").swap16()],
  ["UTF-8 with a byte order mark", (pem) => `\uFEFF${pem}`],
  ["line ends of Windows", (pem) => pem.replaceAll("\n", "\r\n")],
])("reads a PEM with %s", async (_, change) => {
  const file = write("form.pem", change(`${made.privateKeyPem}\n${made.certificatePem}\n`));
  expect(pems(await read(file))).toEqual(pems(made));
});

test("reads a PFX whose key is not encrypted", async () => {
  const file = exportPfx(["-keypbe", "NONE"]);
  expect(pems(await read(file, password))).toEqual(pems(made));
  await expect(problem(file, "wrong")).resolves.toBe(
    "cannot be opened with this password. Give the right one.",
  );
});

test("reads a PFX in BER, with lengths left open and strings in pieces", async () => {
  const withMac = readFileSync(exportPfx([]));
  expect(pems(await read(write("ber.pfx", toBer(withMac, 0)), password))).toEqual(pems(made));
  const everything = readFileSync(exportPfx(["-certpbe", "NONE", "-nomac"]));
  expect(pems(await read(write("ber.pfx", toBer(everything, 1)), password))).toEqual(pems(made));
});

test("says so where the password has a space at its end", async () => {
  await expect(problem(exportPfx([]), `${password} `)).resolves.toBe(
    "cannot be opened with this password, which begins or ends with a space. Give the right one.",
  );
});

test.each([
  ["rsa", ["-newkey", "rsa:1024"], "an RSA key of 1024 bits"],
  ["ec", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "a key of type ec"],
])("refuses a key that Entra does not take: %s", async (name, options, words) => {
  const [key, certificate] = [`${name}.key`, `${name}.pem`].map((file) => join(folder, file)) as [
    string,
    string,
  ];
  const files = ["-keyout", key, "-out", certificate, "-nodes", "-subj", "/CN=leaf"];
  execFileSync("openssl", ["req", "-x509", ...options, ...files], { stdio: "ignore" });
  const file = write("both.pem", readFileSync(key, "utf8") + readFileSync(certificate, "utf8"));
  await expect(problem(file)).resolves.toBe(
    `holds ${words}. Entra accepts RSA keys of 2048 bits or more. Create a certificate with such a key.`,
  );
});

/**
 * The same in BER: lengths are left open, and the strings that hold further ASN.1 come in two pieces.
 *
 * @param depth how many strings inside of one another are made anew, too.
 */
function toBer(der: Buffer, depth: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < der.length;) {
    const [tag = 0, first = 0] = der.subarray(at);
    const long = first < 0x80 ? 0 : first & 0x7f;
    const from = at + 2 + long;
    const end = from + (long === 0 ? first : der.readUIntBE(at + 2, long));
    const [whole, content] = [der.subarray(at, end), der.subarray(from, end)];
    if ((tag & 0x20) !== 0) parts.push(openEnded(tag, toBer(content, depth)));
    else if (tag === 0x04 && content.length > 500 && content.readUInt16BE() === 0x3082) {
      const inner = depth > 0 ? toBer(content, depth - 1) : content;
      parts.push(openEnded(0x24, Buffer.concat([octets(inner.subarray(0, 99)), octets(inner.subarray(99))])));
    } else parts.push(whole);
    at = end;
  }
  return Buffer.concat(parts);
}

function openEnded(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, 0x80), content, Buffer.of(0, 0)]);
}

function octets(content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x04, 0x82, content.length >> 8, content.length & 0xff), content]);
}

function exportPfx(options: readonly string[]): string {
  const file = join(folder, "test.pfx");
  const files = ["-inkey", join(folder, "key.pem"), "-in", join(folder, "certificate.pem"), "-out", file];
  execFileSync("openssl", ["pkcs12", "-export", ...files, "-passout", `pass:${password}`, ...options]);
  return file;
}

function read(file: string, given?: string): Promise<CertificateWithKey> {
  return readCertificateFile(file, { password: given, source: "with --password-file" });
}

function write(name: string, text: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Without the line breaks, in which tools differ. */
function pems({ certificatePem, privateKeyPem }: TestCertificate): string[] {
  return [certificatePem, privateKeyPem].map((pem) => pem.replaceAll(/\s/g, ""));
}

async function problem(file: string, given?: string): Promise<string> {
  const error: unknown = await read(file, given).catch((caught: unknown) => caught);
  if (!(error instanceof CertificateFileError)) throw new Error(`not the expected failure: ${String(error)}`);
  const prefix = `The certificate file "${file}" `;
  expect(error.message.startsWith(prefix)).toBe(true);
  return error.message.slice(prefix.length);
}
