import { constants, createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import { signDigest } from "../../../../sandbox/tenant/keyVault/signDigest.ts";

// 2049 bits need a byte more than the encoded message has.
test.each([2048, 2049, 3072])(
  "signs a digest as PS256 signs what it is of, with %i bits",
  (modulusLength) => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength });
    const data = Buffer.from("header.payload");
    const signature = signDigest(privateKey, createHash("sha256").update(data).digest());
    const key = {
      key: createPublicKey(privateKey),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };
    expect(verify("sha256", data, key, signature)).toBe(true);
    expect(verify("sha256", Buffer.from("header.other"), key, signature)).toBe(false);
  },
);
