import { expect, it } from "vitest";

import { type Schema, schemaBreaks } from "./schemaBreaks.ts";

const text = { type: "string" };

const released: Schema = {
  resources: {
    Component: {
      inputProperties: { name: text, kind: { $ref: "#/types/Kind", plain: true } },
      requiredInputs: ["name"],
      properties: { id: text, secret: text },
      required: ["id"],
    },
  },
  types: {
    Kind: { enum: [{ value: "a" }, { value: "b" }] },
    Part: { properties: { name: text, tags: { type: "array", items: text } }, required: ["name"] },
  },
};

it("finds nothing in the same schema, nor in one with more that nobody must give", () => {
  expect(schemaBreaks(released, released)).toEqual([]);
  const more: Schema = {
    resources: {
      ...released.resources,
      Component: {
        ...released.resources["Component"],
        inputProperties: { ...released.resources["Component"]?.inputProperties, notes: text },
        properties: { id: text, secret: text, thumbprint: text },
        required: ["id", "secret", "thumbprint"],
      },
    },
    types: {
      ...released.types,
      Kind: { enum: [{ value: "a" }, { value: "b" }, { value: "c" }] },
      Part: { ...released.types["Part"], required: [] },
    },
  };
  expect(schemaBreaks(released, more)).toEqual([]);
});

it("names each thing that is gone, changed, newly required or newly missing", () => {
  const broken: Schema = {
    resources: {
      Component: {
        inputProperties: { kind: { $ref: "#/types/Kind" }, size: text },
        requiredInputs: ["size"],
        properties: { id: { type: "integer" }, secret: text },
        required: [],
      },
    },
    types: {
      Kind: { enum: [{ value: "a" }] },
      Part: {
        properties: { name: text, tags: { type: "array", items: { ...text, plain: true } } },
        required: ["name", "tags"],
      },
    },
  };
  expect(schemaBreaks(released, broken)).toEqual([
    "Component.name is gone",
    "Component.kind was #/types/Kind and is Input<#/types/Kind>",
    "Component.id was Input<string> and is Input<integer>",
    "Component.size must be given now",
    "Component.id may be missing now",
    "Kind has lost the value b",
    "Part.tags was Input<Input<string>[]> and is Input<string[]>",
    "Part.tags must be given now",
  ]);
  expect(schemaBreaks(released, { resources: {}, types: {} })).toEqual([
    "Component is gone",
    "Kind is gone",
    "Part is gone",
  ]);
});
