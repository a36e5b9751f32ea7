import * as v from "valibot";
import type { ExcludedActors } from "../tenant/appManagementPolicy.ts";

/** The custom security attributes of a user or service principal: sets of attributes, each by its name. */
export type CustomSecurityAttributes = v.InferOutput<typeof CustomSecurityAttributes>;

/** As `CustomSecurityAttributes`, to read them. */
export const CustomSecurityAttributes = v.record(v.string(), v.record(v.string(), v.unknown()));

/** Whether a restriction holds for an actor; unknown where its attributes are, or the comparison is. */
export type Exemption = "exempt" | "notExempt" | "unknown";

/**
 * Whether an actor with these attributes is excluded.
 *
 * Microsoft documents the comparison of one text with another, which minds case, and no other.
 *
 * @param attributes undefined where they could not be read.
 */
export function exemptionOf(
  { customSecurityAttributes }: ExcludedActors,
  attributes: CustomSecurityAttributes | undefined,
): Exemption {
  const conditions = customSecurityAttributes ?? [];
  if (conditions.length === 0) return "notExempt";
  if (attributes === undefined) return "unknown";
  const results = conditions.map(({ id, operator, value }): Exemption => {
    const held = heldUnder(id, attributes);
    if (held === undefined) return "notExempt";
    if (operator !== "equals" || typeof held !== "string" || typeof value !== "string") return "unknown";
    return held === value ? "exempt" : "notExempt";
  });
  return results.find((one) => one === "exempt") ?? results.find((one) => one === "unknown") ?? "notExempt";
}

function heldUnder(id: string, attributes: CustomSecurityAttributes): unknown {
  for (const [set, values] of Object.entries(attributes)) {
    for (const [name, value] of Object.entries(values)) {
      if (`${set}_${name}` === id) return value ?? undefined;
    }
  }
  return undefined;
}
