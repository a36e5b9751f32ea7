import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  certificateWarnings,
  readPublicCertificate,
  validityAdvice,
} from "../../../components/certificate/publicCertificate.ts";
import { timeInWords } from "../../../common/time.ts";
import { type KeyPair, makeKeyPair } from "../mocks.ts";

const remedy = "Give its PEM, or the Base64 of the .cer file that Windows exports.";
const privateKey =
  "contains a private key, which must stay where it was created. Give the certificate alone. Treat this key as known to others, because it can be in a file or a log now.";

let folder: string;
let leaf: KeyPair;
let other: KeyPair;
let expected: X509Certificate;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-public-"));
  leaf = makeKeyPair("/CN=leaf", 300);
  other = makeKeyPair("/CN=ca", 300);
  expected = new X509Certificate(leaf.certificatePem);
  writeFileSync(path.join(folder, "leaf.pem"), leaf.certificatePem);
  writeFileSync(path.join(folder, "leaf.key"), leaf.privateKeyPem);
  writeFileSync(path.join(folder, "ca.pem"), other.certificatePem);
});
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): Buffer {
  return execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

/** A text in UTF-16 as a program sees it that reads the file as UTF-8. */
function asUtf8(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf8");
}

function base64(content: string | Buffer): string {
  return Buffer.from(content).toString("base64");
}

/** The key's Base64 without its label. */
function bare(): string {
  return leaf.privateKeyPem.replaceAll(/-----.*-----\n/g, "");
}

function keyDer(type: "pkcs1" | "pkcs8"): Buffer {
  return createPrivateKey(leaf.privateKeyPem).export({ type, format: "der" });
}

function pfx(): Buffer {
  return openssl("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-passout", "pass:x");
}

function signedWith(...options: string[]): string {
  const args = ["req", "-x509", "-key", "leaf.key", "-subj", "/CN=weak", "-days", "30", ...options];
  return openssl(...args).toString();
}

const sha256Of = (pem: string): string => new X509Certificate(pem).fingerprint256.replaceAll(":", "");

function problemOf(value: unknown, acceptedSha256?: string): string | undefined {
  const read = readPublicCertificate(value, acceptedSha256);
  return "problem" in read ? read.problem : undefined;
}

describe("takes the certificate in each form that people have", () => {
  it.each<[string, () => string]>([
    ["PEM", () => leaf.certificatePem],
    ["PEM with text around it", () => `Bag Attributes\n    localKeyID: 01\n${leaf.certificatePem}\n`],
    ["PEM with CRLF and a byte order mark", () => `\uFEFF${leaf.certificatePem.replaceAll("\n", "\r\n")}`],
    ["PEM on one line with spaces", () => leaf.certificatePem.trim().replaceAll("\n", " ")],
    ["PEM on one line without them", () => leaf.certificatePem.trim().replaceAll("\n", "")],
    ["PEM with JSON's escapes", () => leaf.certificatePem.replaceAll("\n", "\\n")],
    ["PEM with JSON's escapes of CRLF", () => leaf.certificatePem.replaceAll("\n", "\\r\\n")],
    ["PEM indented as in YAML", () => leaf.certificatePem.replaceAll(/^/gm, "    ")],
    ["X509 CERTIFICATE", () => leaf.certificatePem.replaceAll("CERTIFICATE", "X509 CERTIFICATE")],
    [
      "TRUSTED CERTIFICATE",
      () => openssl("x509", "-in", "leaf.pem", "-trustout", "-addtrust", "clientAuth").toString(),
    ],
    ["PKCS#7 as PEM", () => openssl("crl2pkcs7", "-nocrl", "-certfile", "leaf.pem").toString()],
    [
      "PKCS#7 as Base64",
      () => base64(openssl("crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-outform", "DER")),
    ],
    ["DER as Base64", () => base64(expected.raw)],
    ["DER as Base64 in quotes, as Azure CLI prints it", () => `${JSON.stringify(base64(expected.raw))}\n`],
    ["PEM in quotes", () => JSON.stringify(leaf.certificatePem)],
    ["DER as Base64 in lines", () => base64(expected.raw).replaceAll(/(.{64})/g, "$1\r\n")],
    ["DER as Base64 for URLs", () => expected.raw.toString("base64url")],
    ["Base64 of the PEM", () => base64(leaf.certificatePem)],
    ["Base64 of the PEM in UTF-16", () => base64(Buffer.from(`\uFEFF${leaf.certificatePem}`, "utf16le"))],
    ["the PEM in UTF-16, read as UTF-8", () => asUtf8(`\uFEFF${leaf.certificatePem}`)],
    ["the same without a byte order mark", () => asUtf8(leaf.certificatePem)],
  ])("%s", (_, make) => {
    const read = readPublicCertificate(make());
    expect("certificate" in read ? read.certificate.toString() : read.problem).toBe(expected.toString());
  });
});

describe("refuses a private key in each form, without showing it", () => {
  it.each<[string, () => string]>([
    ["PEM, key alone", () => leaf.privateKeyPem],
    ["PEM, key after the certificate", () => leaf.certificatePem + leaf.privateKeyPem],
    ["Base64 of a PEM with both (azure-docs#49864)", () => base64(leaf.privateKeyPem + leaf.certificatePem)],
    [
      "Base64 of Base64's PEM in UTF-16",
      () => base64(Buffer.from(leaf.certificatePem + leaf.privateKeyPem, "utf16le")),
    ],
    ["PEM in UTF-16, read as UTF-8", () => asUtf8(leaf.certificatePem + leaf.privateKeyPem)],
    ["Base64 of both DERs", () => base64(Buffer.concat([expected.raw, keyDer("pkcs8")]))],
    ["Base64 of PKCS#8", () => base64(keyDer("pkcs8"))],
    ["Base64 of PKCS#1", () => base64(keyDer("pkcs1"))],
    [
      "Base64 of PKCS#8, encrypted",
      () => base64(openssl("pkcs8", "-topk8", "-in", "leaf.key", "-outform", "DER", "-passout", "pass:x")),
    ],
    ["Base64 of PKCS#12", () => base64(pfx())],
    [
      "PKCS#12 under the label of a certificate",
      () => `-----BEGIN CERTIFICATE-----\n${base64(pfx())}\n-----END CERTIFICATE-----`,
    ],
    ["a block that never ends", () => leaf.privateKeyPem.split("\n").slice(0, 5).join("\n")],
  ])("%s", (_, make) => {
    expect(problemOf(make())).toBe(privateKey);
  });
});

describe("refuses data next to a PEM, which can be a private key without its label", () => {
  it.each<[string, () => string]>([
    ["the key's lines after it", () => leaf.certificatePem + bare()],
    ["the key's lines before it", () => bare() + leaf.certificatePem],
    ["in Base64", () => base64(leaf.certificatePem + bare())],
    ["Base64 of the key's PEM", () => leaf.certificatePem + base64(leaf.privateKeyPem)],
    ["the key in hexadecimal digits", () => leaf.certificatePem + keyDer("pkcs8").toString("hex")],
    ["in XML", () => `${leaf.certificatePem}<RSAKeyValue><D>${base64(keyDer("pkcs1"))}</D></RSAKeyValue>`],
    [
      "a JWK",
      () =>
        leaf.certificatePem + JSON.stringify(createPrivateKey(leaf.privateKeyPem).export({ format: "jwk" })),
    ],
    ["a line that is a variable", () => `${leaf.certificatePem}KEY="${base64(keyDer("pkcs8"))}"\n`],
  ])("%s", (_, make) => {
    expect(problemOf(make())).toBe(
      `must be one certificate, got a certificate and data next to its PEM, which can be a private key. ${remedy}`,
    );
  });

  it("takes what OpenSSL writes around a PEM, and fingerprints", () => {
    const described = openssl("x509", "-in", "leaf.pem", "-text", "-fingerprint", "-sha256").toString();
    const bag = "Bag Attributes\n    localKeyID: 54 69 6D 65 20 31\nsubject=CN = x\n";
    const digests = `SHA-1 ${"AB".repeat(20)}\nSHA-256 ${"CD".repeat(32)}\n${"-".repeat(200)}\n`;
    for (const text of [described, bag + leaf.certificatePem, digests + leaf.certificatePem])
      expect("certificate" in readPublicCertificate(text)).toBe(true);
  });
});

describe("fails on", () => {
  it.each<[unknown, string]>([
    [7, "must be a text, got number."],
    [{}, "must be a text, got object."],
    [Buffer.of(0x30, 0x82), "must be a text, got the bytes of a file."],
    ["AB".repeat(20), "must be the certificate itself, got a thumbprint."],
    [`\u200E${"ab".repeat(20)}`, "must be the certificate itself, got a thumbprint."],
    [Array(20).fill("ab").join(":"), "must be the certificate itself, got a thumbprint."],
    ["30 82 ".repeat(16), "must be the certificate itself, got a thumbprint."],
    [`0x3082${"0".repeat(40)}`, "must be PEM or Base64, got hexadecimal digits."],
  ])("what is no certificate's text: %j", (value, problem) => {
    expect(problemOf(value)).toBe(`${problem} ${remedy}`);
  });

  it("a .cer file of DER that a program reads as text (Azure/azure-cli#23237)", () => {
    expect(problemOf(expected.raw.toString("utf8"))).toBe(
      `must be a text, got the bytes of a file that was read as one. ${remedy}`,
    );
  });

  it.each([undefined, null, "", "  "])("nothing (%j)", (value) => {
    expect(problemOf(value)).toBe(`is empty. ${remedy}`);
  });

  it.each<[string, () => string]>([
    ["a file's name", () => "exchange.cer"],
    ["Base64 of something else", () => base64("Contoso")],
    ["a letter, which is Base64 of nothing", () => "x"],
    [
      "Base64 with more after the certificate",
      () => base64(Buffer.concat([expected.raw, Buffer.from("more")])),
    ],
    ["a PEM that is cut off", () => leaf.certificatePem.slice(0, 600)],
  ])("%s", (_, make) => {
    expect(problemOf(make())).toBe(`must be a certificate, but cannot be read as one. ${remedy}`);
  });

  it("hexadecimal digits", () => {
    expect(problemOf(expected.raw.toString("hex"))).toBe(
      `must be PEM or Base64, got hexadecimal digits. ${remedy}`,
    );
  });

  it("hexadecimal digits in each form, and not a text that only has some", () => {
    const hex = `must be PEM or Base64, got hexadecimal digits. ${remedy}`;
    for (const text of ["3082 0305", " 30:82:03", "30\n82ab", "308a", "30 :82 0F"])
      expect(problemOf(text)).toBe(hex);
    for (const text of ["x3082", "3082x", "30x82", "3092", "308"]) expect(problemOf(text)).not.toBe(hex);
  });

  it.each<[string, () => string]>([
    ["PEM", () => leaf.certificatePem + other.certificatePem],
    ["Base64 of PEM", () => base64(leaf.certificatePem + other.certificatePem)],
    [
      "Base64 of two DERs",
      () => base64(Buffer.concat([expected.raw, new X509Certificate(other.certificatePem).raw])),
    ],
    [
      "PKCS#7",
      () => openssl("crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-certfile", "ca.pem").toString(),
    ],
  ])("a chain as %s", (_, make) => {
    expect(problemOf(make())).toBe("must be one certificate, got 2. Give the leaf certificate alone.");
  });

  it("what belongs to a certificate and is none", () => {
    const request = openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=leaf").toString();
    expect(problemOf(request)).toBe(`must be one certificate, got a certificate request. ${remedy}`);
    const key = expected.publicKey.export({ type: "spki", format: "der" });
    expect(problemOf(base64(key))).toBe(
      `must be one certificate, got something that is not a certificate. ${remedy}`,
    );
    expect(problemOf(leaf.certificatePem + request)).toBe(
      `must be one certificate, got a certificate and a certificate request. ${remedy}`,
    );
  });

  it("a signed message that carries a certificate", () => {
    writeFileSync(path.join(folder, "note.txt"), "Hello");
    const signed = openssl(
      "cms",
      "-sign",
      "-nodetach",
      "-in",
      "note.txt",
      "-signer",
      "leaf.pem",
      "-inkey",
      "leaf.key",
      "-outform",
      "PEM",
    );
    expect(problemOf(signed.toString())).toBe(
      `must be one certificate, got something that is not a certificate. ${remedy}`,
    );
  });

  it("an elliptic-curve key", () => {
    const { certificatePem } = makeKeyPair("/CN=ec", 1, ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    expect(problemOf(certificatePem)).toBe(
      "must have an RSA key, because Entra and Exchange's module accept no other, got type ec. Create one with an RSA key of 2048 bits or more.",
    );
  });

  it("a key of a type that Node does not know", () => {
    const [known, unknown] = ["06092a864886f70d0101010500", "06092a864886f70d01017f0500"];
    const hex = expected.raw.toString("hex").replace(known, unknown);
    expect(problemOf(base64(Buffer.from(hex, "hex")))).toBe(
      "must have an RSA key, because Entra and Exchange's module accept no other, got a type that Node does not know. Create one with an RSA key of 2048 bits or more.",
    );
  });

  it("any text, with a sentence that does not repeat it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.uint8Array().map((bytes) => base64(Buffer.from(bytes))),
        ),
        (text) => {
          const problem = problemOf(text);
          expect(problem).toMatch(/\.$/);
        },
      ),
    );
  });
});

describe("a weak certificate", () => {
  it.each<[string, () => string, string]>([
    [
      "1024 bits (monkey365#183)",
      () => makeKeyPair("/CN=r1024", 30, ["rsa:1024"]).certificatePem,
      "has an RSA key of 1024 bits, but Entra refuses a sign-in with fewer than 2048",
    ],
    ["SHA-1", () => signedWith("-sha1"), "is signed with SHA-1, which can be forged"],
    ["MD5", () => signedWith("-md5"), "is signed with MD5, which can be forged"],
    [
      "RSA-PSS with SHA-1",
      () => signedWith("-sha1", "-sigopt", "rsa_padding_mode:pss"),
      "is signed with SHA-1, which can be forged",
    ],
  ])("%s is refused, unless its SHA-256 is accepted; then it warns", (_, make, weakness) => {
    const pem = make();
    const sha256 = sha256Of(pem);
    expect(problemOf(pem)).toBe(
      `${weakness}. Create a better one. To keep this one for now, add \`acceptedSha256: "${sha256}"\` next to it.`,
    );
    for (const accepted of [sha256, sha256.toLowerCase(), new X509Certificate(pem).fingerprint256])
      expect(problemOf(pem, accepted)).toBeUndefined();
    expect(certificateWarnings(new X509Certificate(pem), new Date())).toEqual([
      `${weakness}. \`acceptedSha256\` accepts it. Add a generation with a better certificate.`,
    ]);
  });

  it.each([[], ["-sigopt", "rsa_padding_mode:pss"]])("SHA-256 is not one (%j)", (...options) => {
    expect(problemOf(signedWith("-sha256", ...options.flat()))).toBeUndefined();
  });

  it("is not accepted by another's SHA-256", () => {
    const { certificatePem } = leaf;
    expect(problemOf(certificatePem, "AB".repeat(32))).toBe(
      `is not the certificate that \`acceptedSha256\` accepts: its SHA-256 is ${sha256Of(certificatePem)}. Correct \`acceptedSha256\`, or remove it.`,
    );
  });
});

describe("warns", () => {
  it("where a certificate works only at another time", () => {
    const { validFromDate, validToDate } = expected;
    const at = (date: Date, milliseconds: number) =>
      certificateWarnings(expected, new Date(date.getTime() + milliseconds));
    expect(at(validFromDate, 0)).toEqual([]);
    expect(at(validToDate, 0)).toEqual([]);
    expect(at(validFromDate, -1000)).toEqual([
      `is not valid before ${timeInWords(validFromDate)}. Nothing can sign in with it until then.`,
    ]);
    expect(at(validToDate, 1000)).toEqual([
      `expired at ${timeInWords(validToDate)}. Nothing can sign in with it. Add a generation with a new one.`,
    ]);
  });

  it("of more than 365 days", () => {
    const advice =
      "CISA's policy MS.AAD.5.7 asks for less than 365 days, and a tenant's policy can refuse more.";
    expect(validityAdvice(365)).toBeUndefined();
    expect(validityAdvice(366)).toBe(advice);
    const long = new X509Certificate(makeKeyPair("/CN=long", 3650).certificatePem);
    expect(certificateWarnings(long, new Date())).toEqual([`is valid for 3650 days. ${advice}`]);
  });
});
