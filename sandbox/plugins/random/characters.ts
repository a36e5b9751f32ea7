import { randomInt } from "node:crypto";

import { Diagnostic, type Plan } from "../protocol/resource.ts";
import {
  atLeast,
  flag,
  optional,
  optionalComputed,
  required,
  text,
  whole,
  type Fields,
} from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { keepers } from "./keepers.ts";

const number = { replaces: true, default: 0 };
const wanted = { replaces: true, default: true };

/** What a random text and a password may be asked for. */
export const characterFields: Fields = {
  keepers,
  length: required(atLeast(1), { replaces: true }),
  lower: optionalComputed(flag, wanted),
  minLower: optionalComputed(whole, number),
  minNumeric: optionalComputed(whole, number),
  minSpecial: optionalComputed(whole, number),
  minUpper: optionalComputed(whole, number),
  number: optionalComputed(flag, { replaces: true }),
  numeric: optionalComputed(flag, { replaces: true }),
  overrideSpecial: optional(text, { replaces: true }),
  special: optionalComputed(flag, wanted),
  upper: optionalComputed(flag, wanted),
};

/** `number` is the older name of `numeric`: the one follows the other, and both are true by default. */
export function planCharacters(planned: Properties, inputs: Properties): Plan {
  const numeric = inputs["numeric"] ?? inputs["number"] ?? true;
  return { planned: { ...planned, number: numeric, numeric }, replaces: [] };
}

/** What a text is taken to have been made with, if nobody knows: an imported one. */
export const importedCharacters: Properties = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  special: true,
  upper: true,
};

/** Makes a random text of the kind asked for. */
export function randomText(planned: Properties): string {
  const sets = {
    lower: "abcdefghijklmnopqrstuvwxyz",
    numeric: "0123456789",
    special: stringOr(planned["overrideSpecial"], "!@#$%&*()-_=+[]{}<>:?"),
    upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  };
  const minima = [
    [sets.lower, planned["minLower"]],
    [sets.numeric, planned["minNumeric"]],
    [sets.special, planned["minSpecial"]],
    [sets.upper, planned["minUpper"]],
  ] as const;
  const all = Object.entries(sets).flatMap(([name, characters]) =>
    planned[name] === true ? Array.from(characters) : [],
  );
  const length = Number(planned["length"]);
  const picked = minima.flatMap(([set, count]) => pick(Array.from(set), Number(count)));
  if (picked.length > length) {
    throw new Diagnostic(
      "Create Random String error",
      `length must be >= min_upper + min_lower + min_numeric + min_special (${picked.length}), got: ${length}`,
    );
  }
  if (all.length === 0) throw new Diagnostic("Random Read Error", "the character set specified is empty");
  return shuffle([...picked, ...pick(all, length - picked.length)]).join("");
}

function pick(characters: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

function shuffle(items: readonly string[]): string[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other] ?? "", result[index] ?? ""];
  }
  return result;
}

function stringOr(value: Properties[string] | undefined, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}
