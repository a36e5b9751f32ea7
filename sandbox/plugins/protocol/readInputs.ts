import type { Dialect } from "./dialect.ts";
import { defaultsKey } from "./checkValues.ts";
import { fieldOf, isInput, type Fields, type Shape } from "./schema.ts";
import { isProperties, sameValue, type Properties, type Value } from "./values.ts";

/**
 * The inputs after a refresh: the ones before, with the values that are really there.
 *
 * An input that is no longer in the state goes, none is added, and a default that changed is a default no more.
 */
export function refreshInputs(inputs: Properties, state: Properties): Properties {
  return refreshObject(inputs, state).value;
}

/**
 * The inputs of what is imported: everything in the state that a user may set and that is not zero or the default.
 *
 * Of inputs that exclude each other, the first by name stays.
 */
export function importInputs(fields: Fields, state: Properties, dialect: Dialect): Properties {
  const inputs: Properties = {};
  for (const [name, value] of Object.entries(state).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    const field = fieldOf(fields, name);
    if (field === undefined || !isInput(field)) continue;
    const input = importValue(field, value, dialect);
    if (field.setter !== "required" && isLeftOut(dialect === "sdk" ? field.default : undefined, input))
      continue;
    if (field.conflictsWith?.some((other) => Object.hasOwn(inputs, other)) === true) continue;
    inputs[name] = input;
  }
  if (dialect === "sdk") inputs[defaultsKey] = [];
  return inputs;
}

function refreshObject(inputs: Properties, state: Properties): { value: Properties; unchanged: boolean } {
  const value: Properties = {};
  let unchanged = true;
  const defaults = inputs[defaultsKey];
  const kept = new Set(Array.isArray(defaults) ? defaults : []);
  for (const [name, input] of Object.entries(inputs)) {
    if (name === defaultsKey) continue;
    const actual = state[name];
    const refreshed = actual === undefined ? undefined : refreshValue(input, actual);
    if (refreshed !== undefined) value[name] = refreshed.value;
    if (refreshed?.unchanged !== true) {
      unchanged = false;
      kept.delete(name);
    }
  }
  if (Array.isArray(defaults)) value[defaultsKey] = defaults.filter((name) => kept.has(name));
  return { value, unchanged };
}

function refreshValue(input: Value, actual: Value): { value: Value; unchanged: boolean } {
  if (Array.isArray(input) && Array.isArray(actual)) {
    const items = input
      .slice(0, actual.length)
      .map((item, index) => refreshValue(item, actual[index] ?? null));
    const unchanged = items.length === input.length && items.every((item) => item.unchanged);
    return { value: items.map((item) => item.value), unchanged };
  }
  if (isProperties(input) && isProperties(actual)) return refreshObject(input, actual);
  return { value: actual, unchanged: sameValue(input, actual) };
}

function importValue(shape: Shape, value: Value, dialect: Dialect): Value {
  if (Array.isArray(value)) {
    const element = shape.element;
    return element === undefined ? value : value.map((item) => importValue(element, item, dialect));
  }
  if (isProperties(value) && shape.kind === "object") return importInputs(shape.fields ?? {}, value, dialect);
  return value;
}

function isLeftOut(fallback: Value | undefined, input: Value): boolean {
  if (fallback !== undefined) return input === fallback;
  if (input === null || input === false || input === 0 || input === "") return true;
  if (Array.isArray(input)) return input.length === 0;
  return isProperties(input) && Object.keys(input).every((name) => name === defaultsKey);
}
