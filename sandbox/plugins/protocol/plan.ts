import type { Dialect } from "./dialect.ts";
import type { Field, Fields, Shape } from "./schema.ts";
import { inStateOrder } from "./setOrder.ts";
import { isProperties, sameValue, unknown, type Properties, type Value } from "./values.ts";

/**
 * The state that an update would lead to, as far as it is known before: what the inputs ask for, what the plugin
 * keeps, and unknowns for what it will find out.
 *
 * @param prior - the state before; undefined for what is to be created.
 */
export function planState(
  fields: Fields,
  inputs: Properties,
  prior: Properties | undefined,
  dialect: Dialect,
): Properties {
  const planned: Properties = {};
  for (const [name, field] of Object.entries(fields)) {
    planned[name] = planField(
      field,
      inputs[name] ?? null,
      prior === undefined ? undefined : (prior[name] ?? null),
      dialect,
    );
  }
  if (prior === undefined || sameValue(planned, pick(prior, fields))) return planned;
  for (const [name, field] of Object.entries(fields)) {
    if (field.volatile === true) planned[name] = unknown;
  }
  return planned;
}

/** The inputs with the ones that the user wants ignored as they were. Takes names of properties, or `*` for all. */
export function ignoring(inputs: Properties, prior: Properties, ignored: readonly string[]): Properties {
  const names = ignored.flatMap((path) => (path === "*" ? Object.keys(prior) : [path]));
  const kept = names
    .map((name): [string, Value] => [name, prior[name] ?? null])
    .filter(([, value]) => value !== null);
  return { ...inputs, ...Object.fromEntries(kept) };
}

/** The members of the state that the fields name, absent ones as null. */
export function pick(state: Properties, fields: Fields): Properties {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, state[name] ?? null]));
}

function planField(field: Field, given: Value, prior: Value | undefined, dialect: Dialect): Value {
  if (given !== null) return planValue(field, given, prior ?? null, dialect);
  if (field.setter === "computed" && field.default === undefined)
    return prior === undefined ? unknown : prior;
  if (field.default !== undefined) return field.default;
  if (field.setter === "optionalComputed") return prior === undefined ? unknown : prior;
  if (dialect === "sdk" && prior !== undefined && prior !== null && isZero(prior, field)) return prior;
  // A block is never absent, and a list that was there is emptied.
  const emptied =
    field.element?.kind === "object" || (field.element !== undefined && (prior ?? null) !== null);
  return dialect === "sdk" && emptied ? [] : null;
}

function planValue(shape: Shape, given: Value, prior: Value, dialect: Dialect): Value {
  const element = shape.element;
  if (Array.isArray(given) && element !== undefined) {
    const priors = Array.isArray(prior) ? prior : [];
    if (shape.kind === "list") {
      return given.map((item, index) => planValue(element, item, priors[index] ?? null, dialect));
    }
    // An element of a set has no element before it: it is the same one or another.
    const items = given.map(
      (item) =>
        priors.find((old) => sameElement(element, item, old)) ?? planValue(element, item, null, dialect),
    );
    return inStateOrder(items);
  }
  if (isProperties(given) && shape.kind === "object") {
    return planState(shape.fields ?? {}, given, isProperties(prior) ? prior : {}, dialect);
  }
  return given;
}

function sameElement(element: Shape, given: Value, prior: Value): boolean {
  return sameValue(planValue(element, given, prior, "sdk"), prior);
}

/** Whether leaving the value out means the same as the value: Terraform's older SDK does not tell them apart. */
function isZero(value: Value, field: Field): boolean {
  if (value === null || value === false || value === 0 || value === "" || value === field.default)
    return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isProperties(value)) return false;
  const fields = field.fields ?? {};
  return Object.entries(value).every(([name, member]) =>
    isZero(member, fields[name] ?? { kind: "string", setter: "computed" }),
  );
}
