import { hash } from "node:crypto";

/** What derived bytes are for: the ID byte of RFC 7292, appendix B.3. */
export const Pkcs12Purpose = { Key: 1, InitializationVector: 2, MacKey: 3 } as const;
export type Pkcs12Purpose = (typeof Pkcs12Purpose)[keyof typeof Pkcs12Purpose];

export type Pkcs12Digest = "sha1" | "sha256";

interface Pkcs12Secret {
  readonly digest: Pkcs12Digest;
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** SHA-1 and SHA-256 both work on blocks of 64 bytes, which RFC 7292 calls v. */
const blockSize = 64;

/**
 * PKCS#12's own key derivation (RFC 7292, appendix B.2).
 *
 * Only for what PKCS#12 demands it for: PBES1 keys, their initialization vectors, and MAC keys.
 *
 * @param length in bytes.
 */
export function derivePkcs12Bytes(purpose: Pkcs12Purpose, length: number, secret: Pkcs12Secret): Buffer {
  const { digest, iterations } = secret;
  const diversifier = Buffer.alloc(blockSize, purpose);
  const input = Buffer.concat([fillBlocks(secret.salt), fillBlocks(bmpPassword(secret.password))]);
  let derived = Buffer.alloc(0);
  while (derived.length < length) {
    let block = hash(digest, Buffer.concat([diversifier, input]), "buffer");
    for (let round = 1; round < iterations; round++) block = hash(digest, block, "buffer");
    derived = Buffer.concat([derived, block]);
    addToEachBlock(input, Buffer.alloc(blockSize, block));
  }
  return derived.subarray(0, length);
}

/** A BMPString with two zero bytes at its end (RFC 7292, appendix B.1). */
function bmpPassword(password: string): Buffer {
  return Buffer.from(`${password}\0`, "utf16le").swap16();
}

/** Repeats `bytes` until whole blocks are full. */
function fillBlocks(bytes: Uint8Array): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockSize) * blockSize, bytes);
}

/** Adds `addend` plus one to each block of `input`; blocks are big-endian numbers, what overflows is dropped. */
function addToEachBlock(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += blockSize) {
    let sum = 1;
    for (let index = blockSize - 1; index >= 0; index--) {
      sum += input.readUInt8(start + index) + addend.readUInt8(index);
      input.writeUInt8(sum & 0xff, start + index);
      sum >>= 8;
    }
  }
}
