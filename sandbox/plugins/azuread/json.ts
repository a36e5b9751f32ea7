import { isProperties, type Properties, type Value } from "../protocol/values.ts";

/** An object as Graph sends it. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether the value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object that the text is; undefined if it is anything else. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The member as text; empty where it is absent or null, as the official plugin reads it. */
export function textOf(object: Json | undefined, name: string): string {
  const value = object?.[name];
  return typeof value === "string" ? value : "";
}

/** The member as a flag; false where it is absent or null. */
export function flagOf(object: Json | undefined, name: string): boolean {
  return object?.[name] === true;
}

/** The member as a list of texts; empty where it is absent or null. */
export function textsOf(object: Json | undefined, name: string): string[] {
  const value = object?.[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The member as an object; undefined where it is absent or null. */
export function objectOf(object: Json | undefined, name: string): Json | undefined {
  const value = object?.[name];
  return isJson(value) ? value : undefined;
}

/** The member as a list of objects; empty where it is absent or null. */
export function objectsOf(object: Json | undefined, name: string): Json[] {
  const value = object?.[name];
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A property as text; empty where it is not set. */
export function stringIn(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : "";
}

/** A property as a flag; false where it is not set. */
export function booleanIn(properties: Properties, name: string): boolean {
  return properties[name] === true;
}

/** A property as a list of texts; empty where it is not set. */
export function stringsIn(properties: Properties, name: string): string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A property as a list of objects, or as one in a list; empty where it is not set. */
export function objectsIn(properties: Properties, name: string): Properties[] {
  const value = properties[name] ?? null;
  const items: Value[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => isProperties(item));
}

/** The text, or null for none: how the official plugin clears a property. */
export function orNull(text: string): string | null {
  return text === "" ? null : text;
}
