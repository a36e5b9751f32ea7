/** A property of a Pulumi package schema, as far as a program notices it. */
export interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly plain?: boolean;
  readonly secret?: boolean;
  readonly description?: string;
}

/** Properties by name. */
export type Properties = Readonly<Record<string, Property>>;

/** A resource or a type of a schema. */
interface Shape {
  readonly inputProperties?: Properties;
  readonly requiredInputs?: readonly string[];
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
}

/** A Pulumi package schema. */
export interface Schema {
  readonly resources: Readonly<Record<string, Shape>>;
  readonly types: Readonly<Record<string, Shape>>;
}

/**
 * What a newer schema takes from programs that were written for an older one, one line each: something is gone, has
 * another type, must be given now, or may be missing now.
 */
export function schemaBreaks(older: Schema, newer: Schema): readonly string[] {
  return [
    ...breaksOf(older.resources, newer.resources, "output"),
    ...breaksOf(older.types, newer.types, "input"),
  ];
}

/** `uses` says what the properties of these shapes are. Those of a type are given, those of a resource are read. */
function breaksOf(
  older: Readonly<Record<string, Shape>>,
  newer: Readonly<Record<string, Shape>>,
  uses: "input" | "output",
): readonly string[] {
  return Object.entries(older).flatMap(([token, was]) => {
    const is = newer[token];
    if (is === undefined) return [`${token} is gone`];
    const values = new Set(is.enum?.map(({ value }) => value));
    return [
      ...(was.enum ?? []).flatMap(({ value }) =>
        values.has(value) ? [] : [`${token} has lost the value ${value}`],
      ),
      ...changes(token, was.inputProperties, is.inputProperties),
      ...changes(token, was.properties, is.properties),
      ...added(was.requiredInputs, is.requiredInputs).map((name) => `${token}.${name} must be given now`),
      ...(uses === "input"
        ? added(was.required, is.required).map((name) => `${token}.${name} must be given now`)
        : added(is.required, was.required).map((name) => `${token}.${name} may be missing now`)),
    ];
  });
}

function changes(token: string, older: Properties = {}, newer: Properties = {}): readonly string[] {
  return Object.entries(older).flatMap(([name, was]) => {
    const is = newer[name];
    if (is === undefined) return [`${token}.${name} is gone`];
    return typeOf(was) === typeOf(is) ? [] : [`${token}.${name} was ${typeOf(was)} and is ${typeOf(is)}`];
  });
}

function added(older: readonly string[] = [], newer: readonly string[] = []): readonly string[] {
  return newer.filter((name) => !older.includes(name));
}

function typeOf({ type, $ref, items, plain }: Property): string {
  const written = items === undefined ? ($ref ?? type) : `${typeOf(items)}[]`;
  return plain === true ? `${written}` : `Input<${written}>`;
}
