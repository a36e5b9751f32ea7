import { isInput, terraformName, fieldOf, type Field, type Fields, type Shape } from "./schema.ts";
import { isProperties, unknown, type Properties, type Value } from "./values.ts";

/**
 * The bridge through which Pulumi reaches a Terraform plugin: the one for its older SDK (azuread) or the one for
 * its plugin framework (tls, random). They differ in defaults, nulls and diffs.
 */
export type Dialect = "sdk" | "framework";

/** Inputs as the plugin wants them, and what is wrong with them. */
export interface CheckedInputs {
  readonly inputs: Properties;
  /** One sentence each, ready for the user. */
  readonly failures: readonly string[];
}

/** The name under which the older bridge notes which inputs it filled in itself. */
export const defaultsKey = "__defaults";

interface Place {
  readonly resource: string;
  readonly terraform: string;
  readonly pulumi: string;
  /** Inside a set, whose elements have no place of their own in messages. */
  readonly inSet: boolean;
}

/**
 * Checks a user's inputs: unknown names, kinds of values, what is required, what conflicts, each value by itself;
 * and fills in defaults as the dialect does.
 *
 * @param resource - the resource's name, for messages.
 * @param olds - the inputs of the last update: a default that was taken then stays.
 */
export function checkInputs(
  resource: string,
  fields: Fields,
  news: Properties,
  olds: Properties,
  dialect: Dialect,
): CheckedInputs {
  const failures: string[] = [];
  const place: Place = { resource, terraform: "", pulumi: "", inSet: false };
  const inputs = checkObject(fields, news, olds, place, dialect, (text) => failures.push(text));
  return { inputs, failures };
}

type Fail = (text: string) => void;

function checkObject(
  fields: Fields,
  news: Properties,
  olds: Properties,
  place: Place,
  dialect: Dialect,
  fail: Fail,
): Properties {
  const result: Properties = {};
  for (const [name, value] of Object.entries(news)) {
    if (name === defaultsKey || value === null) continue;
    const field = fieldOf(fields, name);
    const at = step(place, name, field);
    if (field === undefined || !isInput(field)) {
      fail(`${quoted(at)} is not an input of this resource. Remove it${suggestInputs(fields)}.`);
      continue;
    }
    const old = olds[name];
    result[name] = checkValue(field, value, isProperties(old) ? old : {}, at, dialect, fail);
    for (const other of field.conflictsWith ?? []) {
      if (news[other] !== undefined && news[other] !== null) fail(conflict(at, other, fields));
    }
  }
  if (dialect === "sdk") result[defaultsKey] = applyDefaults(fields, result, olds);
  for (const [name, field] of Object.entries(fields)) {
    if (field.setter === "required" && result[name] === undefined) {
      fail(`Missing required property '${step(place, name, field).pulumi}'`);
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

function checkValue(
  shape: Shape,
  given: Value,
  old: Properties,
  at: Place,
  dialect: Dialect,
  fail: Fail,
): Value {
  if (given === unknown) return given;
  const value = coerce(shape, given);
  if (value === undefined) {
    fail(`${quoted(at)} must be ${kindNames[shape.kind]}, got ${describe(given)}.`);
    return given;
  }
  if (shape.check !== undefined && typeof value !== "object") {
    const reason = shape.check(String(value), at.terraform);
    if (reason !== undefined) fail(`${reason}. Examine values at '${at.resource}.${at.pulumi}'.`);
  }
  const element = shape.element;
  if (Array.isArray(value)) {
    if (element === undefined) return value;
    return value.map((item, index) =>
      item === null ? null : checkValue(element, item, {}, indexed(at, index, shape), dialect, fail),
    );
  }
  if (!isProperties(value)) return value;
  if (shape.kind === "object") return checkObject(shape.fields ?? {}, value, old, at, dialect, fail);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const within = { ...at, pulumi: `${at.pulumi}.${name}`, terraform: `${at.terraform}.${name}` };
      const checked =
        element === undefined || member === null
          ? member
          : checkValue(element, member, {}, within, dialect, fail);
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
    case "map":
    case "object":
      return isProperties(value) ? value : undefined;
  }
}

function step(place: Place, name: string, field: Field | undefined): Place {
  const terraform = terraformName(name, field);
  const single = field?.kind === "object" ? `${terraform}.0` : terraform;
  const join = (left: string, right: string) => (left === "" ? right : `${left}.${right}`);
  return {
    ...place,
    terraform: join(place.terraform, single),
    pulumi: place.inSet ? place.pulumi : join(place.pulumi, name),
  };
}

function indexed(place: Place, index: number, shape: Shape): Place {
  const inSet = place.inSet || shape.kind === "set";
  return {
    ...place,
    inSet,
    terraform: `${place.terraform}.${index}`,
    pulumi: inSet ? place.pulumi : `${place.pulumi}[${index}]`,
  };
}

function conflict(at: Place, other: string, fields: Fields): string {
  const names = [at.terraform, terraformName(other, fieldOf(fields, other))].map((name) =>
    JSON.stringify(name),
  );
  return `Conflicting configuration arguments. ${names[0]}: conflicts with ${names[1]?.slice(1, -1)}. Examine values at '${at.resource}.${at.pulumi}'.`;
}

const quoted = (at: Place): string => `'${at.resource}.${at.pulumi}'`;

function suggestInputs(fields: Fields): string {
  const names = Object.keys(fields).filter((name) =>
    isInput(fields[name] ?? { kind: "string", setter: "computed" }),
  );
  return names.length === 0 ? "" : `, or use one of: ${names.toSorted().join(", ")}`;
}

function describe(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `"${value}"` : String(value);
}
