/** What kind of value a property has. An `object` has named fields; a `map` has any names, and elements of one shape. */
export interface Shape {
  readonly kind: "string" | "boolean" | "integer" | "list" | "set" | "map" | "object";
  readonly element?: Shape;
  readonly fields?: Fields;
  /** Returns what is wrong with a known value in words that follow its name, or undefined. */
  readonly check?: Check;
}

/** What is wrong with a value, given its name in the plugin's terms; undefined where it is right. */
export type Check = (value: string, name: string) => string | undefined;

/** Who sets a property: the user must, the user may, the plugin does, or the plugin does where the user does not. */
export type Setter = "required" | "optional" | "computed" | "optionalComputed";

/** One property of a resource type or function. */
export interface Field extends Shape {
  readonly setter: Setter;
  /** The value where the user gives none. */
  readonly default?: string | boolean | number;
  /** A change replaces the resource. */
  readonly replaces?: boolean;
  readonly secret?: boolean;
  /** Properties that must not be given together with this one. */
  readonly conflictsWith?: readonly string[];
  /** A computed property that is unknown again whenever the resource changes, where others keep their value. */
  readonly volatile?: boolean;
  readonly deprecated?: boolean;
  /** Of a list: how many it may have. */
  readonly maximalItems?: number;
  /** The name that the plugin's error messages use. Default: the name in snake case. */
  readonly terraformName?: string;
}

/** The properties of a resource type, function or object, by name. */
export type Fields = Readonly<Record<string, Field>>;

type Facts = Omit<Field, "setter" | keyof Shape> & { readonly check?: Check };

export const text: Shape = { kind: "string" };
export const flag: Shape = { kind: "boolean" };
export const whole: Shape = { kind: "integer" };

/** A whole number that is not too small, as the plugin framework checks it. */
export const atLeast = (least: number): Shape => ({
  kind: "integer",
  check: (value, name) => {
    if (Number(value) >= least) return undefined;
    return `Invalid Attribute Value. Attribute ${name} value must be at least ${least}, got: ${value}`;
  },
});

/** One of several texts, as the plugin framework checks it. */
export const among = (...values: readonly string[]): Shape => ({
  kind: "string",
  check: (value, name) => {
    if (values.includes(value)) return undefined;
    const all = values.map((item) => JSON.stringify(item)).join(" ");
    return `Invalid Attribute Value Match. Attribute ${name} value must be one of: [${all}], got: "${value}"`;
  },
});

/** A list whose order counts. */
export const list = (element: Shape): Shape => ({ kind: "list", element });

/** A list whose order does not count. */
export const set = (element: Shape): Shape => ({ kind: "set", element });

/** Values of one shape under names of the user's choice. */
export const map = (element: Shape): Shape => ({ kind: "map", element });

/** A value with named fields. */
export const object = (fields: Fields): Shape => ({ kind: "object", fields });

export const required = (shape: Shape, facts: Facts = {}): Field => ({
  ...shape,
  ...facts,
  setter: "required",
});
export const optional = (shape: Shape, facts: Facts = {}): Field => ({
  ...shape,
  ...facts,
  setter: "optional",
});
export const computed = (shape: Shape, facts: Facts = {}): Field => ({
  ...shape,
  ...facts,
  setter: "computed",
});

/** What the plugin sets where the user does not. */
export const optionalComputed = (shape: Shape, facts: Facts = {}): Field => ({
  ...shape,
  ...facts,
  setter: "optionalComputed",
});

/** The field of that name, if there is one (and not a member of every object, such as `constructor`). */
export function fieldOf(fields: Fields, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether a user may give the property. */
export function isInput(field: Field): boolean {
  return field.setter !== "computed";
}

/** The names of the fields for which the condition holds, sorted. */
export function namesWhere(fields: Fields, condition: (field: Field) => boolean): string[] {
  return Object.keys(fields)
    .filter((name) => condition(fields[name] ?? { ...text, setter: "computed" }))
    .toSorted();
}

/** The name of a property in the plugin's own messages. */
export function terraformName(name: string, field: Field | undefined): string {
  return field?.terraformName ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
