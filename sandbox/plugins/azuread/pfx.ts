import { createDecipheriv, createPrivateKey, pbkdf2Sync, type KeyObject } from "node:crypto";

import {
  AuthenticatedSafe,
  CertBag,
  id_certBag,
  id_pkcs8ShroudedKeyBag,
  PFX,
  SafeContents,
} from "@peculiar/asn1-pfx";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import type { AlgorithmIdentifier } from "@peculiar/asn1-x509";

import { derivePkcs12Bytes, Pkcs12Purpose } from "../../../components/pfx/keyDerivation.ts";
import { EncryptedData, KeyDerivationParameters, Pbes2Parameters } from "../../../components/pfx/schema.ts";

/** The key and the certificate of a PFX. */
export interface PfxCredential {
  readonly key: KeyObject;
  /** DER. */
  readonly certificate: Buffer;
}

/** Triple DES and SHA-1, with a key derived as in PKCS#12 itself (RFC 7292, appendix C). */
const tripleDes = "1.2.840.113549.1.12.1.3";

/**
 * Reads a PFX (PKCS#12, RFC 7292) that is encrypted with Triple DES or with AES-256 and SHA-256.
 *
 * @throws an error if the password is wrong, or the PFX holds no key or no certificate.
 */
export function readPfx(file: Buffer, password: string): PfxCredential {
  let key: KeyObject | undefined;
  let certificate: Buffer | undefined;
  const { content } = AsnConvert.parse(file, PFX).authSafe;
  for (const part of AsnConvert.parse(octets(content), AuthenticatedSafe)) {
    const isPlain = part.contentType === "1.2.840.113549.1.7.1";
    const contents = isPlain ? octets(part.content) : decryptPart(part.content, password);
    for (const bag of AsnConvert.parse(contents, SafeContents)) {
      if (bag.bagId === id_certBag) certificate ??= octets(AsnConvert.parse(bag.bagValue, CertBag).certValue);
      if (bag.bagId !== id_pkcs8ShroudedKeyBag) continue;
      // OpenSSL decrypts the key itself.
      key = createPrivateKey({
        key: Buffer.from(bag.bagValue),
        format: "der",
        type: "pkcs8",
        passphrase: password,
      });
    }
  }
  if (key !== undefined && certificate !== undefined) return { key, certificate };
  throw new Error("the PFX holds no key or no certificate");
}

function decryptPart(content: ArrayBuffer, password: string): Buffer {
  const { contentEncryptionAlgorithm, encryptedContent } = AsnConvert.parse(
    content,
    EncryptedData,
  ).encryptedContentInfo;
  const decipher = decipherFor(contentEncryptionAlgorithm, password);
  const bytes = bytesOf(encryptedContent?.value ?? new OctetString());
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

function decipherFor(algorithm: AlgorithmIdentifier, password: string) {
  const parameters = algorithm.parameters ?? new ArrayBuffer(0);
  if (algorithm.algorithm === tripleDes) {
    const { salt, iterations } = AsnConvert.parse(parameters, KeyDerivationParameters);
    const secret = { digest: "sha1", password, salt: bytesOf(salt), iterations } as const;
    const key = derivePkcs12Bytes(Pkcs12Purpose.Key, 24, secret);
    return createDecipheriv(
      "des-ede3-cbc",
      key,
      derivePkcs12Bytes(Pkcs12Purpose.InitializationVector, 8, secret),
    );
  }
  const { keyDerivation, encryption } = AsnConvert.parse(parameters, Pbes2Parameters);
  const { salt, iterations } = AsnConvert.parse(
    keyDerivation.parameters ?? parameters,
    KeyDerivationParameters,
  );
  const key = pbkdf2Sync(password, bytesOf(salt), iterations, 32, "sha256");
  return createDecipheriv("aes-256-cbc", key, octets(encryption.parameters ?? parameters));
}

function octets(encoded: ArrayBuffer | Buffer): Buffer {
  return bytesOf(AsnConvert.parse(encoded, OctetString));
}

function bytesOf(octetString: OctetString): Buffer {
  return Buffer.from(octetString.buffer);
}
