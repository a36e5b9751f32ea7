import { componentType } from "../common/typeTokens.ts";
import { UnknownValueError, type PolicyResourceOptions, type PolicyProviderResource } from "@pulumi/policy";

/** What stands for a value that nobody knows before the update. */
export const notKnown = Symbol("not known before the update");

/** A resource as a rule reads it: plain values, with `notKnown` for what only the update makes known. */
export interface KnownResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** What the program asks for; in the check of a stack, what the resource has. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** The URN of the parent; absent for a resource without one. */
  readonly parent?: string;
  /** What the provider is configured with; absent if Pulumi does not say. */
  readonly providerProperties?: Readonly<Record<string, unknown>>;
}

/** What `@pulumi/policy` gives of a resource in both kinds of checks. */
interface GivenResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  readonly opts: PolicyResourceOptions;
  readonly provider?: PolicyProviderResource;
  readonly parent?: { readonly urn: string };
}

/** Reads a resource out of what `@pulumi/policy` gives, which throws at every value that is not known yet. */
export function knownResource({
  type,
  name,
  urn,
  props,
  opts,
  provider,
  parent,
}: GivenResource): KnownResource {
  const parentUrn = parent?.urn ?? opts.parent;
  return {
    type,
    name,
    urn,
    properties: knownProperties(props),
    protect: opts.protect,
    ...(parentUrn ? { parent: parentUrn } : {}),
    ...(provider === undefined ? {} : { providerProperties: knownProperties(provider.props) }),
  };
}

/** Whether a resource is a child of an `ExchangeAppOnlyAuth`: a URN has the types of its parents. */
export function isOfComponent(urn: string): boolean {
  return urn.split("::")[2]?.includes(`${componentType}$`) === true;
}

/** A text property; undefined if it is absent, not known yet, or sealed in an export. */
export function text({ properties }: KnownResource, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number property, or a text of digits, as a state has it. */
export function number({ properties }: KnownResource, name: string): number | undefined {
  const value = properties[name];
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function knownProperties(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(properties).map((name) => [name, knownValue(() => properties[name])]),
  );
}

function knownValue(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (error instanceof UnknownValueError) return notKnown;
    throw error;
  }
  if (Array.isArray(value)) return Array.from(value.keys(), (index) => knownValue(() => value[index]));
  if (typeof value === "object" && value !== null) return knownProperties(value as Record<string, unknown>);
  return value;
}
