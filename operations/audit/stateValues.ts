import { plain, type Properties } from "../../stack/values.ts";

/** The properties of a state's resource, their secrets laid open. */
export function opened(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

/** Whether an id, or a path that ends in one, is this object's. */
export function isSame(value: unknown, objectId: string): boolean {
  return text(value).split("/").at(-1)?.toLowerCase() === objectId.toLowerCase();
}

/** A text; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
