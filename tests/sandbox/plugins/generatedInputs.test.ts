import fc, { type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";

import { azuread } from "../../../sandbox/plugins/azuread/plugin.ts";
import { Plugin } from "../../../sandbox/plugins/protocol/plugin.ts";
import type { PluginDefinition } from "../../../sandbox/plugins/protocol/resource.ts";
import { unknown, type Properties, type Value } from "../../../sandbox/plugins/protocol/values.ts";
import { random } from "../../../sandbox/plugins/random/plugin.ts";
import { tls } from "../../../sandbox/plugins/tls/plugin.ts";
import { recordedSchema, type PropertySpec, type RecordedSchema } from "./recordings.ts";

/** Inputs are made up from the official plugins' schemas, not from the stand-ins' own tables. */
const cases = [...casesOf(azuread), ...casesOf(random), ...casesOf(tls)];
const runs = { numRuns: 60, seed: 20_261_123 };

describe.each(cases)("$token", ({ token, plugin, inputs }) => {
  const urn = `urn:pulumi:stack::project::${token}::name`;

  it("checks any inputs of the right kinds, and the same again afterwards", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const first = plugin.check(urn, given, {});
        const second = plugin.check(urn, first.inputs, first.inputs);
        expect(withoutDefaults(second.inputs)).toEqual(withoutDefaults(first.inputs));
        expect(second.failures).toEqual(first.failures);
      }),
      runs,
    );
  });

  it("refuses a property that it does not know, by name", () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z]{3,12}Zz$/);
    fc.assert(
      fc.property(inputs, name, anyValue(), (given, unknownName, value) => {
        const { failures } = plugin.check(urn, { ...given, [unknownName]: value }, {});
        expect(failures).toContain(`Invalid or unknown key. Examine values at 'name.${unknownName}'.`);
      }),
      runs,
    );
  });

  it("survives values of any kind", () => {
    fc.assert(
      fc.property(inputs, fc.dictionary(fc.string(), anyValue()), (given, others) => {
        const { inputs: checked } = plugin.check(urn, { ...given, ...others }, {});
        const names = Object.keys(checked);
        expect(presentNames({ ...given, ...others }).filter((name) => !names.includes(name))).toEqual([]);
      }),
      runs,
    );
  });

  it("finds no difference between what was planned and the inputs that it was planned from", async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (given) => {
        const { inputs: checked } = plugin.check(urn, given, {});
        const state = await plannedState(plugin, urn, checked);
        const verdict = plugin.diff(urn, state, checked, []);
        expect({ changed: verdict.changed, diffs: verdict.diffs }).toEqual({ changed: false, diffs: [] });
      }),
      runs,
    );
  });
});

/** The state after a create that found out what was open: some text for whatever was unknown. */
async function plannedState(plugin: Plugin, urn: string, inputs: Properties): Promise<Properties> {
  const { properties } = await plugin.create(urn, inputs, { preview: true, timeout: 0 });
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, value === unknown ? "found out" : value]),
  );
}

function casesOf<Client>(definition: PluginDefinition<Client>) {
  const schema = recordedSchema(definition.name);
  const plugin = new Plugin(definition);
  return Object.keys(definition.resources).map((token) => ({
    token,
    plugin,
    inputs: anyInputs(schema, token),
  }));
}

function anyInputs(schema: RecordedSchema, token: string): Arbitrary<Properties> {
  const resource = schema.resources[token];
  return anyObject(schema, resource?.inputProperties ?? {}, resource?.requiredInputs ?? []);
}

function anyObject(
  schema: RecordedSchema,
  properties: Record<string, PropertySpec>,
  required: readonly string[],
): Arbitrary<Properties> {
  const members = Object.entries(properties).map(([name, spec]) => {
    const value = valueOf(schema, spec);
    return [name, required.includes(name) ? value : fc.option(value, { nil: null, freq: 2 })] as const;
  });
  return fc.record(Object.fromEntries(members)).map(withoutNulls);
}

function valueOf(schema: RecordedSchema, spec: PropertySpec): Arbitrary<Value> {
  if (spec.$ref !== undefined) {
    const type = schema.types[spec.$ref.replace("#/types/", "")];
    return anyObject(schema, type?.properties ?? {}, type?.required ?? []);
  }
  if (spec.items !== undefined) return fc.array(valueOf(schema, spec.items), { minLength: 1, maxLength: 3 });
  if (spec.additionalProperties !== undefined) {
    return fc.dictionary(fc.string({ minLength: 1 }), valueOf(schema, spec.additionalProperties), {
      minKeys: 1,
      maxKeys: 3,
    });
  }
  if (spec.type === "boolean") return fc.boolean();
  if (spec.type === "integer") return fc.integer({ min: 1, max: 4096 });
  return fc.oneof(fc.uuid(), fc.string({ minLength: 1 }), fc.constant("2031-05-06T07:08:09Z"));
}

function anyValue(): Arbitrary<Value> {
  const { tree } = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      fc.constant(unknown),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.string(),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 3 }),
    ),
  }));
  return tree;
}

/** Which values are defaults is noted beside them, and only by the check that filled them in. */
function withoutDefaults(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([name]) => name !== "__defaults");
  return Object.fromEntries(members.map(([name, member]) => [name, withoutDefaults(member)]));
}

function presentNames(properties: Properties): string[] {
  return Object.keys(withoutNulls(properties)).filter((name) => name !== "__defaults");
}

function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}
