import { createHmac, createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import tls from "node:tls";

import { AuthenticatedSafe, PFX, PKCS8ShroudedKeyBag, SafeContents } from "@peculiar/asn1-pfx";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { encodePfx } from "../../components/pfx.ts";
import { type PfxContent, PfxEncoding } from "../../components/pfxContent.ts";
import { derivePkcs12Bytes, Pkcs12Purpose } from "../../components/pfxKeyDerivation.ts";
import { encodings, makeCredential, type PfxCredentialPem, sampleContent } from "./pfxSample.ts";

let credential: PfxCredentialPem;
let content: PfxContent;

beforeAll(async () => {
  credential = await makeCredential();
  content = { ...credential, ...sampleContent };
});

describe("bytes", () => {
  test.for(encodings)("%s: the same for the same content", (encoding) => {
    const first = encodePfx({ ...content, encoding });
    expect(encodePfx({ ...content, encoding }).equals(first)).toBe(true);
  });

  test("the same for a key in PKCS#1", () => {
    const pkcs1 = createPrivateKey(content.privateKeyPem).export({ type: "pkcs1", format: "pem" }).toString();
    expect(encodePfx({ ...content, privateKeyPem: pkcs1 }).equals(encodePfx(content))).toBe(true);
  });

  test("others for each other password, friendly name, encoding and salt", async () => {
    const variants: readonly Partial<PfxContent>[] = [
      {},
      { password: "another password" },
      { friendlyName: "Another name" },
      { encoding: PfxEncoding.Modern },
      { salt: "a8f6d6a8-59c0-4c0e-8f1d-3f7a5d6c3e21" },
      await makeCredential(),
    ];
    const encoded = variants.map((variant) => encodePfx({ ...content, ...variant }).toString("base64"));
    expect(new Set(encoded).size).toBe(variants.length);
  });

  test.for(encodings)("%s: no salt serves twice", (encoding) => {
    const pfx = AsnConvert.parse(encodePfx({ ...content, encoding }), PFX);
    const octetStrings = AsnConvert.toString(encodePfx({ ...content, encoding }));
    expect(octetStrings).toBe("");
    expect(pfx.version).toBe(3);
  });
});
