import type { Dialect } from "./dialect.ts";
import { indexed, type Place, step } from "./place.ts";
import { fieldOf, isInput, terraformName, type Fields, type Shape } from "./schema.ts";
import { isProperties, unknown, type Properties, type Value } from "./values.ts";

/** The name under which the older bridge notes which inputs it filled in itself. */
export const defaultsKey = "__defaults";

/** What the message of a missing input begins with. */
export const missingArgument = "Missing required argument";

/** Takes in what is wrong, and where. */
export interface Fail {
  (at: Place, summary: string, detail?: string): void;
}

/** What a check of values goes by, and where it tells what is wrong. */
export interface Check {
  readonly dialect: Dialect;
  readonly fail: Fail;
}

/** What is given now, and what was at the last update: a default that was taken then stays. */
export interface Given<Now> {
  readonly news: Now;
  readonly olds: Properties;
}

/** Checks an object against its fields, and returns it with what the plugin makes of it. */
export function checkObject(
  fields: Fields,
  { news, olds }: Given<Properties>,
  place: Place,
  check: Check,
): Properties {
  const { dialect, fail } = check;
  const checked = Object.entries(news).flatMap(([name, value]): [string, Value][] => {
    if (name === defaultsKey || value === null) return [];
    const field = fieldOf(fields, name);
    const at = step(place, name, field);
    if (field === undefined || !isInput(field)) {
      fail(at, "Invalid or unknown key");
      return [[name, value]];
    }
    if (Array.isArray(value) && field.maximalItems !== undefined && value.length > field.maximalItems) {
      const supported = `Attribute ${at.terraform} supports ${field.maximalItems} item maximum`;
      fail(at, "Too many list items", `${supported}, but config has ${value.length} declared.`);
    }
    for (const other of field.conflictsWith ?? []) {
      if ((news[other] ?? null) === null) continue;
      const excluded = terraformName(other, fieldOf(fields, other));
      fail(at, "Conflicting configuration arguments", `"${at.terraform}": conflicts with ${excluded}`);
    }
    const old = olds[name];
    return [[name, checkValue(field, { news: value, olds: isProperties(old) ? old : {} }, at, check)]];
  });
  const result = Object.fromEntries(checked);
  if (dialect === "sdk") result[defaultsKey] = applyDefaults(fields, result, olds);
  for (const [name, field] of Object.entries(fields)) {
    if (field.setter === "required" && result[name] === undefined) {
      const argument = `The argument "${terraformName(name, field)}" is required, but no definition was found.`;
      fail(step(place, name, field), missingArgument, argument);
    }
  }
  return result;
}

/** Only defaults that are not false, zero or empty are filled in: those leave no trace in Terraform's state either. */
function applyDefaults(fields: Fields, inputs: Properties, olds: Properties): string[] {
  const oldDefaults = Array.isArray(olds[defaultsKey]) ? olds[defaultsKey] : undefined;
  const taken: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (inputs[name] !== undefined || !field.default || field.deprecated === true) continue;
    if (field.conflictsWith?.some((other) => inputs[other] !== undefined) === true) continue;
    const old = olds[name];
    const keepsOld = old !== undefined && old !== null && (oldDefaults?.includes(name) ?? true);
    inputs[name] = keepsOld ? old : field.default;
    taken.push(name);
  }
  return taken.toSorted();
}

function checkValue(shape: Shape, { news: given, olds }: Given<Value>, at: Place, check: Check): Value {
  const { dialect, fail } = check;
  if (given === unknown) return given;
  const value = coerce(shape, given);
  if (value === undefined) {
    const wrong = Array.isArray(given)
      ? "a single value, not a list"
      : `${kindNames[shape.kind]}, not ${kindOf(given)}`;
    fail(at, `Attribute must be ${wrong}`);
    return given;
  }
  if (shape.check !== undefined && typeof value !== "object") {
    const reason = shape.check(String(value), at.terraform);
    if (reason !== undefined) fail(at, reason);
  }
  const element = shape.element;
  if (Array.isArray(value)) {
    if (element === undefined) return value;
    return value.map((item, index) =>
      item === null
        ? null
        : checkValue(element, { news: item, olds: {} }, indexed(at, index, shape, dialect), check),
    );
  }
  if (!isProperties(value)) return value;
  if (shape.kind === "object") return checkObject(shape.fields ?? {}, { news: value, olds }, at, check);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const within = { ...at, pulumi: `${at.pulumi}.${name}`, terraform: `${at.terraform}.${name}` };
      const checked =
        element === undefined || member === null
          ? member
          : checkValue(element, { news: member, olds: {} }, within, check);
      return [name, checked];
    }),
  );
}

const kindNames: Record<Shape["kind"], string> = {
  string: "a string",
  boolean: "a boolean",
  integer: "a whole number",
  list: "a list",
  set: "a list",
  map: "an object",
  object: "an object",
};

/** The value in the kind that the schema asks for, where one reads as the other; undefined where it does not. */
function coerce(shape: Shape, value: Value): Value | undefined {
  switch (shape.kind) {
    case "string":
      if (typeof value === "boolean" || typeof value === "number") return String(value);
      return typeof value === "string" ? value : undefined;
    case "boolean":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : undefined;
    case "integer": {
      const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
    }
    case "list":
    case "set":
      return Array.isArray(value) ? value : undefined;
    default:
      return isProperties(value) ? value : undefined;
  }
}

function kindOf(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `"${value}"` : String(value);
}
