import { createCipheriv, createHmac, pbkdf2Sync } from "node:crypto";

import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";

import { derivePkcs12Bytes, type Pkcs12Digest, Pkcs12Purpose } from "./keyDerivation.ts";
import { KeyDerivationParameters, Pbes2Parameters } from "./schema.ts";

/**
 * Rounds of key derivation: OpenSSL's default. Windows exports with 2,000, Microsoft calls 2,000 to 10,000 common and
 * limits .NET's import to 600,000 (KB5025823). More would add nothing to a password that is long and random.
 */
export const iterations = 2048;

/** Gives bytes for a use, such as "key salt": always the same for one use, and others for another. */
export type SaltSource = (use: string, length: number) => Buffer;

/** Encrypts the parts of one PFX, and proves that nobody changed them. */
export interface PfxProtection {
  encrypt(part: "key" | "certificate", plain: Uint8Array): Encrypted;
  authenticate(content: Uint8Array): Authentication;
}

interface Encrypted {
  readonly algorithm: AlgorithmIdentifier;
  readonly bytes: OctetString;
}

interface Authentication {
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly digest: OctetString;
  readonly salt: OctetString;
}

/** Triple DES and SHA-1, keys derived as in PKCS#12 itself (RFC 7292, appendices B and C). */
export function tripleDesProtection(password: string, salts: SaltSource): PfxProtection {
  return {
    encrypt(part, plain) {
      const salt = salts(`${part} salt`, 8);
      const secret = { digest: "sha1", password, salt, iterations } as const;
      const key = derivePkcs12Bytes(Pkcs12Purpose.Key, 24, secret);
      const vector = derivePkcs12Bytes(Pkcs12Purpose.InitializationVector, 8, secret);
      const parameters = new KeyDerivationParameters({ salt: new OctetString(salt), iterations });
      return {
        algorithm: algorithm(objectIds.pbeWithSha1And3KeyTripleDesCbc, parameters),
        bytes: encryptWith("des-ede3-cbc", key, vector, plain),
      };
    },
    authenticate: (content) => hmac("sha1", content, password, salts("mac salt", 8)),
  };
}

/** AES-256 and SHA-256 with PBKDF2 (PBES2 of RFC 8018); only the MAC's key is derived as in PKCS#12 itself. */
export function aesProtection(password: string, salts: SaltSource): PfxProtection {
  return {
    encrypt(part, plain) {
      const salt = salts(`${part} salt`, 16);
      const vector = salts(`${part} initialization vector`, 16);
      const key = pbkdf2Sync(password, salt, iterations, 32, "sha256");
      const pbkdf2 = new KeyDerivationParameters({
        salt: new OctetString(salt),
        iterations,
        pseudorandomFunction: algorithm(objectIds.hmacWithSha256, null),
      });
      const pbes2 = new Pbes2Parameters({
        keyDerivation: algorithm(objectIds.pbkdf2, pbkdf2),
        encryption: algorithm(objectIds.aes256Cbc, new OctetString(vector)),
      });
      return {
        algorithm: algorithm(objectIds.pbes2, pbes2),
        bytes: encryptWith("aes-256-cbc", key, vector, plain),
      };
    },
    authenticate: (content) => hmac("sha256", content, password, salts("mac salt", 16)),
  };
}

/** From RFC 7292, appendix C, RFC 8018, appendix A, and RFC 8017, appendix B. */
const objectIds = {
  pbeWithSha1And3KeyTripleDesCbc: "1.2.840.113549.1.12.1.3",
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  hmacWithSha256: "1.2.840.113549.2.9",
  aes256Cbc: "2.16.840.1.101.3.4.1.42",
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
} as const;

function algorithm(id: string, parameters: object | null): AlgorithmIdentifier {
  return new AlgorithmIdentifier({
    algorithm: id,
    parameters: parameters && AsnConvert.serialize(parameters),
  });
}

function encryptWith(cipherName: string, key: Buffer, vector: Buffer, plain: Uint8Array): OctetString {
  const cipher = createCipheriv(cipherName, key, vector);
  return new OctetString(Buffer.concat([cipher.update(plain), cipher.final()]));
}

function hmac(digest: Pkcs12Digest, content: Uint8Array, password: string, salt: Buffer): Authentication {
  const keyLength = digest === "sha1" ? 20 : 32;
  const key = derivePkcs12Bytes(Pkcs12Purpose.MacKey, keyLength, { digest, password, salt, iterations });
  return {
    digestAlgorithm: algorithm(objectIds[digest], null),
    digest: new OctetString(createHmac(digest, key).update(content).digest()),
    salt: new OctetString(salt),
  };
}
