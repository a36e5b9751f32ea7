import { createHash } from "node:crypto";

/** 128 bits of the SHA-256 of a content, hex: what a subject carries whose object can change under its id. */
export function contentHash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
}
