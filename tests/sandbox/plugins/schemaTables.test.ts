import { describe, expect, it } from "vitest";

import { azuread } from "../../../sandbox/plugins/azuread/plugin.ts";
import { isInput, type Field, type Fields, type Shape } from "../../../sandbox/plugins/protocol/schema.ts";
import { random } from "../../../sandbox/plugins/random/plugin.ts";
import { tls } from "../../../sandbox/plugins/tls/plugin.ts";
import { recordedSchema, type PropertySpec, type RecordedSchema } from "./recordings.ts";

/** The stand-ins' own tables are held against the official plugins' schemas, so that none drifts unseen. */
const definitions = [azuread, random, tls];
const types = definitions.flatMap((definition) =>
  Object.entries<{ readonly fields: Fields }>(definition.resources).map(([token, type]) => {
    return { token, type, definition };
  }),
);
const functions = definitions.flatMap((definition) =>
  Object.entries<{ readonly inputs: Fields; readonly outputs: Fields }>(definition.functions).map(
    ([token, called]) => ({ token, called, definition }),
  ),
);

describe.each(types)("$token", ({ token, type, definition }) => {
  const schema = recordedSchema(definition.name);
  const recorded = schema.resources[token];
  // The plugin framework's ids are properties; Pulumi's schema does not list them.
  const { id: _, ...fields } = type.fields;

  it("has the recorded properties", () => {
    expect(kindsOf(fields)).toEqual(recordedKinds(schema, recorded?.properties));
  });

  it("takes the recorded inputs", () => {
    const inputs = Object.fromEntries(Object.entries(fields).filter(([, field]) => isInput(field)));
    expect(Object.keys(inputs).toSorted()).toEqual(Object.keys(recorded?.inputProperties ?? {}).toSorted());
    expect(namesOf(inputs, (field) => field.setter === "required")).toEqual(
      (recorded?.requiredInputs ?? []).toSorted(),
    );
  });

  it("keeps the recorded properties secret", () => {
    expect(namesOf(fields, (field) => field.secret === true)).toEqual(marked(recorded?.properties, "secret"));
  });
});

/** Of types on Terraform's newer framework, the schema does not say what replaces them. */
const sdkTypes = types.filter(({ definition }) => definition.dialect === "sdk");

it.each(sdkTypes)("$token is replaced when the recorded inputs change", ({ token, type, definition }) => {
  const recorded = recordedSchema(definition.name).resources[token];
  const replacing = marked(recorded?.inputProperties, "willReplaceOnChanges");
  expect(namesOf(type.fields, (field) => field.replaces === true)).toEqual(replacing);
});

describe.each(functions)("$token", ({ token, called, definition }) => {
  const schema = recordedSchema(definition.name);
  const recorded = schema.functions[token];

  it("takes the recorded arguments and returns the recorded properties", () => {
    expect(kindsOf(called.inputs)).toEqual(recordedKinds(schema, recorded?.inputs?.properties));
    expect(kindsOf(called.outputs)).toEqual(recordedKinds(schema, recorded?.outputs.properties));
  });
});

it.each(definitions.map((definition) => [definition.name, definition] as const))(
  "%s takes the recorded settings",
  (name, definition) => {
    const schema = recordedSchema(name);
    const variables = Object.keys(schema.config.variables ?? {});
    expect(Object.keys(definition.config).toSorted()).toEqual(variables.toSorted());
  },
);

/** Kinds in the words of Pulumi's schema language, with those of members and elements. */
function kindsOf(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, kindOf(field)]));
}

function kindOf(shape: Shape): unknown {
  switch (shape.kind) {
    case "list":
    case "set":
      return [kindOf(shape.element ?? { kind: "string" })];
    case "map":
      return { "*": kindOf(shape.element ?? { kind: "string" }) };
    case "object":
      return kindsOf(shape.fields ?? {});
    default:
      return shape.kind;
  }
}

function recordedKinds(
  schema: RecordedSchema,
  properties: Record<string, PropertySpec> = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, spec]) => [name, recordedKind(schema, spec)]),
  );
}

function recordedKind(schema: RecordedSchema, spec: PropertySpec): unknown {
  if (spec.$ref !== undefined) {
    return recordedKinds(schema, schema.types[spec.$ref.replace("#/types/", "")]?.properties);
  }
  if (spec.items !== undefined) return [recordedKind(schema, spec.items)];
  if (spec.additionalProperties !== undefined)
    return { "*": recordedKind(schema, spec.additionalProperties) };
  return spec.type;
}

function namesOf(fields: Fields, condition: (field: Field) => boolean): string[] {
  return Object.entries(fields)
    .filter(([, field]) => condition(field))
    .map(([name]) => name)
    .toSorted();
}

function marked(
  properties: Record<string, PropertySpec> = {},
  mark: "secret" | "willReplaceOnChanges",
): string[] {
  return Object.entries(properties)
    .filter(([, spec]) => spec[mark] === true)
    .map(([name]) => name)
    .toSorted();
}
