import { crc32 } from "node:zlib";

import { isInput, terraformName, type Shape } from "./schema.ts";
import { isProperties, sameValue, type Value } from "./values.ts";

/** The elements of a set, each once, in the order of Terraform's states: texts by code point, others by what they say. */
export function inStateOrder(items: readonly Value[]): Value[] {
  const unique = items.filter((item, index) => items.findIndex((other) => sameValue(other, item)) === index);
  return unique.toSorted((left, right) => compare(stateKey(left), stateKey(right)));
}

/**
 * The elements of a set in the order in which Terraform's older SDK hands them to a plugin: by a checksum.
 *
 * Source: helper/schema/set.go and serialize.go of Terraform's plugin SDK.
 *
 * @param plain - whether the set is one of texts whose checksum is over nothing but the text.
 */
export function inHashOrder<Item extends Value>(items: readonly Item[], shape: Shape, plain = false): Item[] {
  const key = (item: Item) => String(crc32(checkedText(item, shape, plain)));
  return items.toSorted((left, right) => compare(key(left), key(right)));
}

function checkedText(item: Value, shape: Shape, plain: boolean): string {
  if (plain && typeof item === "string") return item;
  return shape.kind === "object" ? objectText(item, shape) : valueText(item, shape);
}

function stateKey(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => `${stateKey(item)};`).join("")}`;
  if (isProperties(value)) {
    const names = Object.keys(value).toSorted();
    return `<${names.map((name) => `${stateKey(value[name] ?? null)};`).join("")}`;
  }
  return typeof value === "string" ? value : String(value);
}

function memberText(value: Value, shape: Shape): string {
  return shape.kind === "object" ? `<${objectText(value, shape)}>;` : valueText(value, shape);
}

function objectText(value: Value, shape: Shape): string {
  if (!isProperties(value)) return "";
  const parts = Object.entries(shape.fields ?? {})
    .filter(([, field]) => isInput(field))
    .map(([name, field]): [string, string] => [
      terraformName(name, field),
      valueText(value[name] ?? null, field),
    ]);
  return parts
    .toSorted(([left], [right]) => compare(left, right))
    .map(([name, text]) => `${name}:${text}`)
    .join("");
}

function valueText(value: Value, shape: Shape): string {
  if (value === null) return ";";
  if (typeof value === "boolean") return value ? "1;" : "0;";
  if (typeof value === "string" || typeof value === "number") return `${value};`;
  if (!Array.isArray(value)) return `${memberText(value, shape)};`;
  const element = shape.element ?? { kind: "string" };
  const items = shape.kind === "set" ? inHashOrder(value, element) : value;
  const text = items.map((item) => memberText(item, element)).join("");
  return shape.kind === "set" ? `{${text}};` : `(${text});`;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
