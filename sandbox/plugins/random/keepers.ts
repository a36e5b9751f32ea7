import { map, optional, text, type Field } from "../protocol/schema.ts";

/** Values that make a new random value when they change. */
export const keepers: Field = optional(map(text), { replaces: true });
