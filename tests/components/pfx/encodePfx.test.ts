import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import tls from "node:tls";

import { PFX } from "@peculiar/asn1-pfx";
import { AsnConvert } from "@peculiar/asn1-schema";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { encodePfx } from "../../../components/pfx/encodePfx.ts";
import { type PfxContent, PfxEncoding } from "../../../components/pfx/pfxContent.ts";
import { readPfx } from "./pfxReader.ts";
import { encodings, makeCredential, sampleContent } from "./pfxSample.ts";

let content: PfxContent;

beforeAll(async () => {
  content = { ...(await makeCredential()), ...sampleContent };
});

describe("bytes", () => {
  test.for(encodings)("%s: the same for the same content", (encoding) => {
    const first = encodePfx({ ...content, encoding });
    expect(encodePfx({ ...content, encoding }).equals(first)).toBe(true);
  });

  test("the same for the same key in PKCS#1", () => {
    const pkcs1 = createPrivateKey(content.privateKeyPem).export({ type: "pkcs1", format: "pem" }).toString();
    expect(encodePfx({ ...content, privateKeyPem: pkcs1 }).equals(encodePfx(content))).toBe(true);
  });

  test("others for another credential, password, friendly name, encoding or salt", async () => {
    const variants: readonly Partial<PfxContent>[] = [
      {},
      await makeCredential(),
      { password: "another password" },
      { friendlyName: "Another name" },
      { encoding: PfxEncoding.Modern },
      { salt: "a8f6d6a8-59c0-4c0e-8f1d-3f7a5d6c3e21" },
    ];
    const encoded = variants.map((variant) => encodePfx({ ...content, ...variant }).toString("base64"));
    expect(new Set(encoded).size).toBe(variants.length);
  });

  test.for(encodings)("%s: DER, by the published schema", (encoding) => {
    const bytes = encodePfx({ ...content, encoding });
    const pfx = AsnConvert.parse(bytes, PFX);
    expect(pfx.version).toBe(3);
    expect(Buffer.from(AsnConvert.serialize(pfx)).equals(bytes)).toBe(true);
  });
});

/** The salts are what `openssl kdf -kdfopt key:SALT -kdfopt "info:exchange-auth pfx key salt" … HKDF` gives for the sample's. */
describe("encryption", () => {
  test("compatible: triple DES and SHA-1, 2048 iterations, no salt twice", () => {
    const read = readPfx(encodePfx({ ...content, encoding: PfxEncoding.Compatible }), content.password);
    expect(read.certificateEncryption).toBe(tripleDes("910d38baaccfd585"));
    expect(read.keyEncryption).toBe(tripleDes("d77c5f6b1b56b69f"));
    expect(read.mac).toEqual(["1.3.14.3.2.26", "c8fac718e9243977", 2048]);
    expect(read.macIsRight).toBe(true);
  });

  test("modern: AES-256 and SHA-256, 2048 iterations, no salt or vector twice", () => {
    const read = readPfx(encodePfx({ ...content, encoding: PfxEncoding.Modern }), content.password);
    expect(read.certificateEncryption).toBe(
      aes("910d38baaccfd5858ce97ca26c16f495", "220c5e949315ac3f047a5d1c269db0ca"),
    );
    expect(read.keyEncryption).toBe(
      aes("d77c5f6b1b56b69f82c89217d62bb92f", "d121b61a5a1f061b3653e928412fb83e"),
    );
    expect(read.mac).toEqual(["2.16.840.1.101.3.4.2.1", "c8fac718e9243977f737a8626d5daa26", 2048]);
    expect(read.macIsRight).toBe(true);
  });

  test.for(encodings)("%s: neither certificate nor key can be seen", (encoding) => {
    const bytes = encodePfx({ ...content, encoding });
    const { n: modulus = "" } = createPublicKey(content.certificatePem).export({ format: "jwk" });
    expect(modulus).toHaveLength(342);
    expect(bytes.includes(Buffer.from(modulus, "base64url").subarray(0, 16))).toBe(false);
  });
});

describe("attributes", () => {
  test("the certificate has the friendly name, the key has the CSP's name and no other", () => {
    const read = readPfx(encodePfx(content), content.password);
    const thumbprint = new X509Certificate(content.certificatePem).fingerprint
      .replaceAll(":", "")
      .toLowerCase();
    const localKeyId = `1.2.840.113549.1.9.21 OCTET STRING : ${thumbprint}`;
    expect(read.certificateAttributes).toEqual([
      localKeyId,
      "1.2.840.113549.1.9.20 BMPString : 'Exchange Online automation'",
    ]);
    expect(read.keyAttributes).toEqual([
      localKeyId,
      "1.3.6.1.4.1.311.17.1 BMPString : 'Microsoft Enhanced RSA and AES Cryptographic Provider'",
    ]);
  });

  test("stand in DER's order where a short friendly name comes before the local key ID", () => {
    const read = readPfx(encodePfx({ ...content, friendlyName: "EXO" }), content.password);
    expect(read.certificateAttributes[0]).toBe("1.2.840.113549.1.9.20 BMPString : 'EXO'");
  });
});

// Keys of 4,096 bits take a slow machine seconds.
test(
  "any key, password, name and salt comes back, and another password does not open it",
  { timeout: 60_000 },
  async () => {
    const credentials = await Promise.all([2048, 3072, 4096].map((bits) => makeCredential(bits)));
    fc.assert(
      fc.property(
        fc.constantFrom(...credentials),
        fc.string({ minLength: 1, maxLength: 80, unit: "grapheme-ascii" }),
        fc.string({ minLength: 1, maxLength: 120, unit: "grapheme" }),
        fc.string({ minLength: 16, maxLength: 60, unit: "binary" }),
        fc.constantFrom(...encodings),
        (credential, password, friendlyName, salt, encoding) => {
          const bytes = encodePfx({ ...credential, password, friendlyName, salt, encoding });
          const read = readPfx(bytes, password);
          expect(read.macIsRight).toBe(true);
          expect(read.key.equals(createPrivateKey(credential.privateKeyPem))).toBe(true);
          expect(read.certificate.equals(new X509Certificate(credential.certificatePem).raw)).toBe(true);
          expect(read.certificateAttributes).toContain(`1.2.840.113549.1.9.20 BMPString : '${friendlyName}'`);
          tls.createSecureContext({ pfx: bytes, passphrase: password });
          expect(() => tls.createSecureContext({ pfx: bytes, passphrase: `${password}x` })).toThrow(
            "mac verify failure",
          );
        },
      ),
      { numRuns: 40 },
    );
  },
);

describe("fails", () => {
  test.for<[string, () => Partial<PfxContent>, string]>([
    [
      "a key that is none",
      () => ({ privateKeyPem: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" }),
      "`privateKeyPem` must be a private key in PEM that is not encrypted. Pass an RSA key.",
    ],
    [
      "an encrypted key",
      () => ({
        privateKeyPem: createPrivateKey(content.privateKeyPem)
          .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
          .toString(),
      }),
      "`privateKeyPem` must be a private key in PEM that is not encrypted. Pass an RSA key.",
    ],
    [
      "a key on an elliptic curve",
      () => ({
        privateKeyPem: generateKeyPairSync("ec", { namedCurve: "P-256" })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      }),
      '`privateKeyPem` must be an RSA key, got "ec". Pass an RSA key, because the CSP accepts no other.',
    ],
    [
      "a key that is not the certificate's",
      () => ({
        privateKeyPem: generateKeyPairSync("rsa", { modulusLength: 2048 })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      }),
      "`certificatePem` belongs to another key. Pass the certificate of this key.",
    ],
    [
      "a certificate that is none",
      () => ({ certificatePem: "no certificate" }),
      "`certificatePem` must be a certificate in PEM. Pass the certificate of the key.",
    ],
    [
      "an empty password",
      () => ({ password: "" }),
      "`password` must be printable ASCII and not empty. Use ASCII letters, digits and punctuation.",
    ],
    [
      "a password beyond ASCII",
      () => ({ password: "Geheim\u00e4" }),
      "`password` must be printable ASCII and not empty. Use ASCII letters, digits and punctuation.",
    ],
    [
      "a password with a line break",
      () => ({ password: "two\nlines" }),
      "`password` must be printable ASCII and not empty. Use ASCII letters, digits and punctuation.",
    ],
    [
      "an empty friendly name",
      () => ({ friendlyName: "" }),
      "`friendlyName` must not be empty. Say what the certificate is for.",
    ],
    [
      "a short salt",
      () => ({ salt: "fifteen letters" }),
      "`salt` is too short, got 15 characters. Use 16 or more, such as a UUID.",
    ],
  ])("with %s", ([, change, problem]) => {
    expect(messageOf({ ...content, ...change() })).toBe(
      `The PFX has one problem, nothing was created:\n  - ${problem}`,
    );
  });

  test("not with the shortest salt that is long enough", () => {
    const bytes = encodePfx({ ...content, salt: "sixteen letters!" });
    expect(readPfx(bytes, content.password).macIsRight).toBe(true);
  });

  test("with all problems at once, and without a secret", () => {
    const secrets = { privateKeyPem: "secret key", password: "secret\tpassword", salt: "secret salt" };
    expect(messageOf({ ...secrets, certificatePem: "", friendlyName: "", encoding: "modern" })).toBe(
      [
        "The PFX has 5 problems, nothing was created:",
        "  - `privateKeyPem` must be a private key in PEM that is not encrypted. Pass an RSA key.",
        "  - `certificatePem` must be a certificate in PEM. Pass the certificate of the key.",
        "  - `password` must be printable ASCII and not empty. Use ASCII letters, digits and punctuation.",
        "  - `friendlyName` must not be empty. Say what the certificate is for.",
        "  - `salt` is too short, got 11 characters. Use 16 or more, such as a UUID.",
      ].join("\n"),
    );
  });
});

function messageOf(wrong: PfxContent): string {
  try {
    encodePfx(wrong);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was wrong");
}

function tripleDes(salt: string): string {
  return [
    "SEQUENCE :",
    "  OBJECT IDENTIFIER : 1.2.840.113549.1.12.1.3",
    "  SEQUENCE :",
    `    OCTET STRING : ${salt}`,
    "    INTEGER : 2048",
  ].join("\n");
}

function aes(salt: string, vector: string): string {
  return [
    "SEQUENCE :",
    "  OBJECT IDENTIFIER : 1.2.840.113549.1.5.13",
    "  SEQUENCE :",
    "    SEQUENCE :",
    "      OBJECT IDENTIFIER : 1.2.840.113549.1.5.12",
    "      SEQUENCE :",
    `        OCTET STRING : ${salt}`,
    "        INTEGER : 2048",
    "        SEQUENCE :",
    "          OBJECT IDENTIFIER : 1.2.840.113549.2.9",
    "          NULL",
    "    SEQUENCE :",
    "      OBJECT IDENTIFIER : 2.16.840.1.101.3.4.1.42",
    `      OCTET STRING : ${vector}`,
  ].join("\n");
}
