import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { derivePkcs12Bytes, Pkcs12Purpose } from "../../../components/pfx/keyDerivation.ts";
import { missingTool, runTool } from "./pfxTools.ts";

const { Key, InitializationVector, MacKey } = Pkcs12Purpose;

/**
 * SHA-1: the numbers of OpenSSL's test data (evppbe_pkcs12.txt), which Bouncy Castle's PKCS12Test has as well.
 * SHA-256: those of the test data of RustCrypto's pkcs12, which were compared with OpenSSL's PKCS12_key_gen_utf8.
 */
const vectors = [
  ["sha1", Key, "smeg", "0a58cf64530d823f", 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"],
  ["sha1", InitializationVector, "smeg", "0a58cf64530d823f", 1, "79993dfe048d3b76"],
  ["sha1", MacKey, "smeg", "3d83c0e4546ac140", 1, "8d967d88f6caa9d714800ab3d48051d63f73a312"],
  ["sha1", Key, "queeg", "1682c0fc5b3f7ec5", 1000, "483dd6e919d7de2e8e648ba8f862f3fbfbdc2bcb2c02957f"],
  ["sha1", InitializationVector, "queeg", "1682c0fc5b3f7ec5", 1000, "9d461d1b00355c50"],
  ["sha1", MacKey, "queeg", "263216fcc2fab31c", 1000, "5ec4c7a80df652294c3925b6489a7ab857c83476"],
  [
    "sha256",
    Key,
    "ge@äheim",
    "0102030405060708",
    100,
    "fae4d4957a3cc781e1180b9d4fb79c1e0c8579b746a3177e5b0768a3118bf863",
  ],
  ["sha256", InitializationVector, "ge@äheim", "0102030405060708", 100, "e5ff813bc6547de5155b14d2"],
  [
    "sha256",
    MacKey,
    "ge@äheim",
    "0102030405060708",
    1000,
    "3f9113f05c30a996c4a516409bdac9d065f44296ccd52bb75de3fcfdbe2bf130",
  ],
  [
    "sha256",
    Key,
    "ge@äheim",
    "0102030405060708",
    1000,
    "2b95a0569b63f641fae1efca32e84db3699ab74540628ba66283b58cf5400527d8d0ebe2ccbf768c51c4d8fbd1bb156b" +
      "e06c1c59cbb69e44052ffc37376fdb47b2de7f9e543de9d096d8e5474b220410ff1c5d8bb7e5bc0f61baeaa12fd0da1d7a970172",
  ],
] as const;

describe("published vectors", () => {
  for (const [digest, purpose, password, salt, iterations, expected] of vectors) {
    test(`${digest}, purpose ${purpose}, ${iterations} iterations, ${expected.length / 2} bytes`, () => {
      const secret = { digest, password, salt: Buffer.from(salt, "hex"), iterations };
      expect(derivePkcs12Bytes(purpose, expected.length / 2, secret).toString("hex")).toBe(expected);
    });
  }
});

test("derives what OpenSSL derives, whatever the lengths of password, salt and result", ({ skip }) => {
  const missing = missingTool("OpenSSL 3", "openssl", ["version"], /^OpenSSL 3/u);
  skip(missing !== undefined, missing);
  fc.assert(
    fc.property(
      fc.constantFrom("sha1", "sha256"),
      fc.constantFrom(Key, InitializationVector, MacKey),
      fc.string({ minLength: 1, maxLength: 70, unit: "grapheme-ascii" }),
      fc.uint8Array({ minLength: 1, maxLength: 130 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 130 }),
      (digest, purpose, password, salt, iterations, length) => {
        const bmp = Buffer.from(`${password}\0`, "utf16le").swap16();
        const options = [
          `digest:${digest}`,
          `hexpass:${bmp.toString("hex")}`,
          `hexsalt:${Buffer.from(salt).toString("hex")}`,
          `iter:${iterations}`,
          `id:${purpose}`,
        ];
        const { stdout } = runTool("openssl", [
          "kdf",
          "-keylen",
          String(length),
          ...options.flatMap((option) => ["-kdfopt", option]),
          "PKCS12KDF",
        ]);
        const derived = derivePkcs12Bytes(purpose, length, { digest, password, salt, iterations });
        expect(derived.toString("hex").toUpperCase()).toBe(stdout.trim().replaceAll(":", ""));
      },
    ),
    { numRuns: 60 },
  );
});
