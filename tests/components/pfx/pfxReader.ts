import { createDecipheriv, createHmac, createPrivateKey, type KeyObject, pbkdf2Sync } from "node:crypto";

import {
  AuthenticatedSafe,
  CertBag,
  PFX,
  type PKCS12Attribute,
  PKCS8ShroudedKeyBag,
  type SafeBag,
  SafeContents,
} from "@peculiar/asn1-pfx";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import type { AlgorithmIdentifier } from "@peculiar/asn1-x509";

import { derivePkcs12Bytes, Pkcs12Purpose } from "../../../components/pfx/keyDerivation.ts";
import { EncryptedData, KeyDerivationParameters, Pbes2Parameters } from "../../../components/pfx/schema.ts";

/**
 * A PFX taken apart, independently of `common/readPfx.ts`, which asks OpenSSL and does not look at attributes; encryption and
 * attributes as `AsnConvert.toString` prints them.
 */
interface ReadPfx {
  /** The digest's id, the salt and the iterations. */
  readonly mac: readonly [string, string, number];
  readonly macIsRight: boolean;
  readonly key: KeyObject;
  readonly keyEncryption: string;
  readonly keyAttributes: readonly string[];
  readonly certificate: Buffer;
  readonly certificateEncryption: string;
  readonly certificateAttributes: readonly string[];
}

/** Reads a PFX as `encodePfx` makes it: one encrypted certificate, then one encrypted key. */
export function readPfx(bytes: Buffer, password: string): ReadPfx {
  const { authSafe, macData } = AsnConvert.parse(bytes, PFX);
  const safe = octets(authSafe.content);
  const [certificates, keys] = AsnConvert.parse(safe, AuthenticatedSafe);
  const encrypted = AsnConvert.parse(certificates?.content ?? safe, EncryptedData).encryptedContentInfo;
  const certificateBag = onlyBag(
    decrypt(encrypted.contentEncryptionAlgorithm, encrypted.encryptedContent?.value, password),
  );
  const keyBag = onlyBag(octets(keys?.content ?? safe));

  const digest = macData.mac.digest.byteLength === 20 ? "sha1" : "sha256";
  const secret = {
    digest,
    password,
    salt: octetsOf(macData.macSalt),
    iterations: macData.iterations,
  } as const;
  const macKey = derivePkcs12Bytes(Pkcs12Purpose.MacKey, macData.mac.digest.byteLength, secret);
  return {
    mac: [macData.mac.digestAlgorithm.algorithm, secret.salt.toString("hex"), macData.iterations],
    macIsRight: createHmac(digest, macKey).update(safe).digest().equals(octetsOf(macData.mac.digest)),
    // OpenSSL decrypts it here, which knows both ways of encryption.
    key: createPrivateKey({
      key: Buffer.from(keyBag.bagValue),
      format: "der",
      type: "pkcs8",
      passphrase: password,
    }),
    keyEncryption: AsnConvert.toString(
      AsnConvert.parse(keyBag.bagValue, PKCS8ShroudedKeyBag).encryptionAlgorithm,
    ),
    keyAttributes: attributes(keyBag),
    certificate: octets(AsnConvert.parse(certificateBag.bagValue, CertBag).certValue),
    certificateEncryption: AsnConvert.toString(encrypted.contentEncryptionAlgorithm),
    certificateAttributes: attributes(certificateBag),
  };
}

function decrypt(algorithm: AlgorithmIdentifier, content: OctetString | undefined, password: string): Buffer {
  const parameters = algorithm.parameters ?? new ArrayBuffer(0);
  const bytes = octetsOf(content ?? new OctetString());
  if (algorithm.algorithm === "1.2.840.113549.1.12.1.3") {
    const { salt, iterations } = AsnConvert.parse(parameters, KeyDerivationParameters);
    const secret = { digest: "sha1", password, salt: octetsOf(salt), iterations } as const;
    const key = derivePkcs12Bytes(Pkcs12Purpose.Key, 24, secret);
    const vector = derivePkcs12Bytes(Pkcs12Purpose.InitializationVector, 8, secret);
    const cipher = createDecipheriv("des-ede3-cbc", key, vector);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  }
  const { keyDerivation, encryption } = AsnConvert.parse(parameters, Pbes2Parameters);
  const pbkdf2 = AsnConvert.parse(keyDerivation.parameters ?? parameters, KeyDerivationParameters);
  const key = pbkdf2Sync(password, octetsOf(pbkdf2.salt), pbkdf2.iterations, 32, "sha256");
  const cipher = createDecipheriv("aes-256-cbc", key, octets(encryption.parameters ?? parameters));
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function onlyBag(contents: Buffer): SafeBag {
  const bags = AsnConvert.parse(contents, SafeContents);
  if (bags.length !== 1 || bags[0] === undefined) throw new Error(`${bags.length} bags in place of one`);
  return bags[0];
}

function attributes(bag: SafeBag): readonly string[] {
  return (bag.bagAttributes ?? []).map(showAttribute);
}

function showAttribute({ attrId, attrValues }: PKCS12Attribute): string {
  return [attrId, ...attrValues.map((value) => AsnConvert.toString(value))].join(" ");
}

function octets(encoded: ArrayBuffer | Buffer): Buffer {
  return octetsOf(AsnConvert.parse(encoded, OctetString));
}

function octetsOf(octetString: OctetString): Buffer {
  return Buffer.from(octetString.buffer);
}
