import * as v from "valibot";
import { secretSignature, signatureKey, unknownText } from "../common/pulumiSignatures.ts";

/** The properties of a resource, by name. */
export type Properties = Readonly<Record<string, unknown>>;

const Secret = v.object({ [signatureKey]: v.string(), plaintext: v.string() });

/** A value of a state that was exported with its secrets, with these laid open. */
export function plain(value: unknown): unknown {
  if (v.is(Secret, value)) return JSON.parse(value.plaintext);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Whether a value of a plan is a text that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknownText;
}

/** Whether a value of a state or a plan is a secret, whatever is left of it: a plan shows a word in its place. */
export function isSecret(value: unknown): boolean {
  return value === "[secret]" || v.is(v.object({ [signatureKey]: v.literal(secretSignature) }), value);
}

/** A property that is a text and known now. */
export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}
