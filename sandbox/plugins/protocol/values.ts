import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { secretSignature, signatureKey, unknownText } from "../../../common/pulumiSignatures.ts";
import type { Dialect } from "./dialect.ts";
import { fieldOf, type Fields, type Shape } from "./schema.ts";

/** A property that the engine does not know yet, as in a preview of what is to be created. */
export const unknown: unique symbol = Symbol("unknown");

/** A property's value. Secrets are plain here: what is secret stands in the schema, and is marked again on the way out. */
export type Value = null | boolean | number | string | typeof unknown | Value[] | Properties;

/** The properties of a resource, under Pulumi's names. */
export interface Properties {
  [name: string]: Value;
}

/**
 * Marks of Pulumi's wire format, which knows values that JSON lacks.
 *
 * Source: sdk/go/common/resource/plugin/rpc.go and sdk/go/common/resource/sig of pulumi/pulumi.
 */
const wire = {
  signature: signatureKey,
  secret: secretSignature,
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  unknown: unknownText,
};

/** Reads properties from the wire; an absent message counts as none. */
export function decodeProperties(message: Struct | undefined): Properties {
  const decoded = decode(message?.toJavaScript() ?? {});
  return isProperties(decoded) ? decoded : {};
}

/**
 * Writes properties to the wire, with what the schema calls secret marked as such.
 *
 * The newer bridge leaves out what is null, and does not mark what is not known yet.
 */
export function encodeProperties(properties: Properties, fields: Fields, dialect: Dialect): Struct {
  return structPb.Struct.fromJavaScript(encodeObject(properties, fields, dialect));
}

/** Whether the value is an object with named members. */
export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an unknown is anywhere in the value. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isProperties(value) && Object.values(value).some(hasUnknown);
}

/** Whether two values are the same, whatever the order of names in objects. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  }
  if (isProperties(left) && isProperties(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].every((name) => sameValue(left[name], right[name]));
  }
  return left === right;
}

function decode(value: JavaScriptValue | undefined): Value {
  if (value === wire.unknown) return unknown;
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: JavaScriptValue) => decode(item));
  const members = new Map<string, JavaScriptValue>(Object.entries(value));
  switch (members.get(wire.signature)) {
    case undefined:
      return Object.fromEntries([...members].map(([name, member]) => [name, decode(member)]));
    case wire.secret:
      return decode(members.get("value"));
    case wire.output:
      return members.has("value") ? decode(members.get("value")) : unknown;
    case wire.resource:
      return decode(members.get("id"));
    default:
      throw new Error("Assets and archives are not among the values that this plugin takes.");
  }
}

function encodeObject(
  properties: Properties,
  fields: Fields,
  dialect: Dialect,
): Record<string, JavaScriptValue> {
  const entries = Object.entries(properties).filter(([, value]) => dialect === "sdk" || value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const field = fieldOf(fields, name);
      const encoded = encode(value, field, dialect);
      const marked = field?.secret === true && (dialect === "sdk" || value !== unknown);
      return [name, marked ? { [wire.signature]: wire.secret, value: encoded } : encoded];
    }),
  );
}

function encode(value: Value, shape: Shape | undefined, dialect: Dialect): JavaScriptValue {
  if (value === unknown) return wire.unknown;
  if (Array.isArray(value)) return value.map((item) => encode(item, shape?.element, dialect));
  if (isProperties(value)) return encodeObject(value, shape?.fields ?? {}, dialect);
  return value;
}
