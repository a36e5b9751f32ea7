import type { StackResource } from "../../../stack/resource.ts";

/** The stack that every component here is in. */
const stackUrn = urnOf("pulumi:pulumi:Stack", "p-s");

/** A resource as a plan has it. */
export function planned(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>> = {},
  parent = stackUrn,
): StackResource {
  return {
    urn: urnOf(type, name),
    type,
    custom: !type.startsWith("exchange-auth"),
    parent,
    dependencies: [],
    inputs,
    outputs: {},
    delete: false,
    initErrors: [],
  };
}

/** A resource as a state has it. */
export function known(
  type: string,
  name: string,
  outputs: Readonly<Record<string, unknown>>,
  parent: string,
): StackResource {
  return { ...planned(type, name, outputs, parent), outputs };
}

/** The URN of a resource; types of parents are left out. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:s::p::${type}::${name}`;
}
