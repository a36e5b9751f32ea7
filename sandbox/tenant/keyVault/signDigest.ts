import { constants, createHash, privateEncrypt, randomBytes, type KeyObject } from "node:crypto";

/** RSASSA-PSS with SHA-256 has a salt as long as the digest, in bytes (RFC 7518, section 3.5). */
const length = 32;

/**
 * Signs a SHA-256 digest as PS256 does. Node's own `sign` takes what is to be digested, which a vault does not get.
 *
 * Source: RFC 8017, section 9.1.1 (EMSA-PSS) and appendix B.2.1 (MGF1).
 */
export function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const size = Math.ceil((bits - 1) / 8);
  const salt = randomBytes(length);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const block = Buffer.concat([Buffer.alloc(size - 2 * length - 2), Buffer.of(1), salt]);
  const masked = block.map((byte, index) => byte ^ (mask(hash, block.length)[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * size - (bits - 1)));
  const message = Buffer.concat([masked, hash, Buffer.of(0xbc)]);
  const padded = Buffer.concat([Buffer.alloc(bits / 8 - size), message]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded);
}

/** MGF1. */
function mask(seed: Buffer, size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / length) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return sha256(seed, counter);
  });
  return Buffer.concat(blocks).subarray(0, size);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
