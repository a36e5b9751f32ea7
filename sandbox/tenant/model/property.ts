import type { Json } from "../json.ts";

/** The properties of a type, by name. */
export type PropertyTable = Readonly<Record<string, Property>>;

/** One property of a Graph type: what may be written to it, and what it is at first. */
export interface Property {
  readonly kind: "string" | "guid" | "boolean" | "integer" | "dateTime" | "duration" | "record" | "any";
  /** Whether the value is a list of such values. */
  readonly collection: boolean;
  readonly nullable: boolean;
  /** `never`: Graph refuses a write. `unsupported`: Graph takes it, this tenant does not. */
  readonly writable: "always" | "create" | "never" | "unsupported";
  /** Whether a create without it is refused. */
  readonly required: boolean;
  /** What it is where a create does not say. */
  readonly initial: Json;
  readonly maxLength?: number;
  readonly values?: readonly string[];
  /** The properties of a `record`. */
  readonly properties?: PropertyTable;
}

const base = {
  collection: false,
  nullable: true,
  writable: "always",
  required: false,
  initial: null,
} satisfies Partial<Property>;

/** A string of at most `maxLength` characters. */
export function text(maxLength?: number): Property {
  return { ...base, kind: "string", ...(maxLength === undefined ? {} : { maxLength }) };
}

/** A string that is one of these. */
export function oneOf(...values: readonly string[]): Property {
  return { ...base, kind: "string", values };
}

/** A GUID. */
export function guid(): Property {
  return { ...base, kind: "guid" };
}

/** A boolean. */
export function flag(initial: boolean | null = null): Property {
  return { ...base, kind: "boolean", initial, nullable: initial === null };
}

/** A whole number. */
export function integer(): Property {
  return { ...base, kind: "integer" };
}

/** A point in time, ISO 8601. */
export function dateTime(): Property {
  return { ...base, kind: "dateTime" };
}

/** A length of time, ISO 8601. */
export function duration(): Property {
  return { ...base, kind: "duration" };
}

/** A complex value. `initial` is what it is where a create does not say; null where Graph leaves it empty. */
export function record(properties: PropertyTable, initial: Json = null): Property {
  return { ...base, kind: "record", properties, initial };
}

/** Any value: for what this tenant stores and never looks at. */
export function any(initial: Json = null): Property {
  return { ...base, kind: "any", initial };
}

/** A list, empty at first. */
export function list(item: Property): Property {
  return { ...item, collection: true, nullable: false, initial: [] };
}

/** That property, which only Graph itself sets. */
export function readOnly(property: Property): Property {
  return { ...property, writable: "never" };
}

/** That property, which is set once and for all. */
export function onCreate(property: Property): Property {
  return { ...property, writable: "create" };
}

/** That property, which this tenant answers with its initial value and lets nobody set. */
export function unsupported(property: Property): Property {
  return { ...property, writable: "unsupported" };
}

/** That property, without which nothing can be created. */
export function required(property: Property): Property {
  return { ...property, required: true, nullable: false };
}
