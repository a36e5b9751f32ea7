import { randomBytes as bytesFrom } from "node:crypto";

import type { ResourceType } from "../protocol/resource.ts";
import { atLeast, computed, optional, required, text } from "../protocol/schema.ts";
import { Diagnostic } from "../protocol/resource.ts";
import { keepers } from "./keepers.ts";

/** `random.RandomBytes`: random bytes that are secret. */
export const randomBytes: ResourceType<undefined> = {
  fields: {
    base64: computed(text, { secret: true }),
    hex: computed(text, { secret: true }),
    keepers,
    length: required(atLeast(1), { replaces: true }),
  },
  create(operation, planned) {
    const bytes = bytesFrom(Number(planned["length"]));
    const base64 = bytes.toString("base64");
    operation.setId(base64);
    return Promise.resolve({ ...planned, base64, hex: bytes.toString("hex") });
  },
  read(_, id, state) {
    if (Object.keys(state).length > 0) return Promise.resolve(state);
    const bytes = Buffer.from(id, "base64");
    if (bytes.toString("base64") !== id)
      throw new Diagnostic("Import Random bytes Error", `The id must be Base64, got "${id}"`);
    return Promise.resolve({ base64: id, hex: bytes.toString("hex"), length: bytes.length });
  },
};

/** `random.RandomId`: random bytes that are not secret, in several notations. */
export const randomId: ResourceType<undefined> = {
  fields: {
    b64Std: computed(text),
    b64Url: computed(text),
    byteLength: required(atLeast(1), { replaces: true }),
    dec: computed(text),
    hex: computed(text),
    id: computed(text),
    keepers,
    prefix: optional(text, { replaces: true }),
  },
  create(operation, planned) {
    const bytes = bytesFrom(Number(planned["byteLength"]));
    operation.setId(bytes.toString("base64url"));
    return Promise.resolve({ ...planned, ...notations(bytes, planned["prefix"]) });
  },
  read(_, id, state) {
    if (Object.keys(state).length > 0) return Promise.resolve(state);
    const [prefix, encoded = id] = id.includes(",") ? id.split(",", 2) : [null, id];
    if (!/^[\w-]+$/.test(encoded))
      throw new Diagnostic("Import Random ID Error", `The id must be URL-safe Base64, got "${id}"`);
    const bytes = Buffer.from(encoded, "base64url");
    return Promise.resolve({
      ...notations(bytes, prefix ?? null),
      byteLength: bytes.length,
      prefix: prefix ?? null,
    });
  },
};

function notations(bytes: Buffer, given: unknown) {
  const prefix = typeof given === "string" ? given : "";
  const hex = bytes.toString("hex");
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${hex}`).toString(),
    hex: prefix + hex,
    id: bytes.toString("base64url"),
  };
}
