import {
  badRequest,
  type GraphError,
  invalidValue,
  notImplemented,
  readOnlyProperty,
  requiredValue,
  unknownProperty,
} from "../graph/errors.ts";
import { isGuid } from "../../../common/guid.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../json.ts";
import type { EntityType } from "./entityType.ts";
import type { PropertyTable, Property } from "./property.ts";

/** What a body says: the properties that it sets, and the references that it binds. */
export interface CheckedBody {
  readonly properties: Record<string, Json>;
  /** The URLs of `name@odata.bind`. */
  readonly bindings: Readonly<Record<string, readonly string[]>>;
}

/**
 * Checks a body against its type: unknown names, wrong types, forbidden values and missing ones are errors.
 *
 * A read-only property passes where the body repeats what the object (`current`) says anyway, as clients do that send
 * back what they have read.
 */
export function checkBody(
  body: JsonObject,
  type: EntityType,
  properties: PropertyTable,
  current: JsonObject | undefined,
): CheckedBody {
  const checked: Record<string, Json> = {};
  const bindings: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === "@odata.type") checkTypeName(value, type.name);
    else if (name.endsWith("@odata.bind")) {
      bindings[name.slice(0, -"@odata.bind".length)] = checkBinding(name, value, type);
    } else if (!name.startsWith("@odata.")) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) throw unknownProperty(name, type.name);
      if (!isWritable(property, name, value, type, current)) continue;
      checked[name] = checkValue(value, property, name, type.name);
    }
  }
  if (current === undefined) {
    for (const [name, property] of Object.entries(properties)) {
      if (property.required && (checked[name] ?? null) === null) throw requiredValue(name, type.name);
    }
  }
  return { properties: checked, bindings };
}

/** Checks one value, and returns it with the names of nested types removed. */
export function checkValue(value: Json, property: Property, path: string, type: string): Json {
  if (property.collection) {
    if (!Array.isArray(value)) throw wrongType(path, "Collection");
    return value.map((item: Json) =>
      checkValue(item, { ...property, collection: false, nullable: false }, path, type),
    );
  }
  if (value === null) {
    if (property.nullable) return null;
    throw invalidValue(path, type);
  }
  if (property.kind === "record") return checkRecord(value, property, path, type);
  checkScalar(value, property, path);
  const tooLong =
    property.maxLength !== undefined && typeof value === "string" && value.length > property.maxLength;
  const notListed = property.values !== undefined && !property.values.includes(textOf(value));
  if (tooLong || notListed) throw invalidValue(path, type);
  return value;
}

function isWritable(
  property: Property,
  name: string,
  value: Json,
  type: EntityType,
  current: JsonObject | undefined,
): boolean {
  if (property.writable === "always" || (property.writable === "create" && current === undefined))
    return true;
  const unchanged = JSON.stringify(value) === JSON.stringify(current?.[name] ?? property.initial);
  if (unchanged) return false;
  throw property.writable === "unsupported"
    ? notImplemented(`Setting '${name}' of a ${type.name}`)
    : readOnlyProperty(name);
}

function checkRecord(value: Json, property: Property, path: string, type: string): Json {
  if (!isJsonObject(value)) throw wrongType(path, "a complex type");
  const known = property.properties ?? {};
  const checked: Record<string, Json> = {};
  for (const [name, nested] of Object.entries(value)) {
    if (name.startsWith("@odata.")) continue;
    const nestedProperty = Object.hasOwn(known, name) ? known[name] : undefined;
    if (nestedProperty === undefined) throw unknownProperty(`${path}/${name}`, type);
    checked[name] = checkValue(nested, nestedProperty, `${path}/${name}`, type);
  }
  for (const [name, nestedProperty] of Object.entries(known)) {
    if (nestedProperty.required && (checked[name] ?? null) === null)
      throw requiredValue(`${path}/${name}`, type);
    if (!(name in checked)) checked[name] = nestedProperty.initial;
  }
  return checked;
}

function checkScalar(value: Json, property: Property, path: string): void {
  const valid = {
    string: () => typeof value === "string",
    guid: () => typeof value === "string" && isGuid(value),
    boolean: () => typeof value === "boolean",
    integer: () => Number.isSafeInteger(value),
    dateTime: () => typeof value === "string" && isDateTime(value),
    duration: () =>
      typeof value === "string" &&
      /^-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(value),
    record: () => true,
    any: () => true,
  }[property.kind]();
  if (!valid) throw wrongType(path, edmNames[property.kind]);
}

const edmNames = {
  string: "Edm.String",
  guid: "Edm.Guid",
  boolean: "Edm.Boolean",
  integer: "Edm.Int32",
  dateTime: "Edm.DateTimeOffset",
  duration: "Edm.Duration",
  record: "a complex type",
  any: "any type",
};

function isDateTime(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function wrongType(path: string, expected: string): GraphError {
  return badRequest(`Cannot convert the value of property '${path}' to the expected type '${expected}'.`);
}

function checkTypeName(value: Json, type: string): void {
  if (value === `#microsoft.graph.${type}`) return;
  throw badRequest(
    `A type named '${textOf(value)}' could not be resolved by the model. ` +
      "When a model is available, each type name must resolve to a valid type.",
  );
}

function checkBinding(name: string, value: Json, type: EntityType): readonly string[] {
  const property = name.slice(0, -"@odata.bind".length);
  if (!type.bindable?.includes(property)) throw unknownProperty(property, type.name);
  const urls = Array.isArray(value) ? value : [value];
  if (!urls.every((url) => typeof url === "string")) throw wrongType(name, "Collection(Edm.String)");
  return urls;
}
