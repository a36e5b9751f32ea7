import { badRequest, requestDenied } from "../graph/errors.ts";
import { holds } from "../graph/routes/permissions.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../json.ts";
import type { Caller } from "../signIn/accessToken.ts";
import type { TenantState } from "../state.ts";

const writers = ["CustomSecAttributeAssignment.ReadWrite.All"];
const readers = ["CustomSecAttributeAssignment.Read.All", ...writers];
const writerRoles = ["Attribute Assignment Administrator"];
const readerRoles = ["Attribute Assignment Reader", ...writerRoles];
const property = "customSecurityAttributes";

/**
 * Custom security attributes take rights of their own, which no other right has in it.
 *
 * @throws GraphError
 */
export function checkAttributeRights(
  caller: Caller,
  select: readonly string[] | undefined,
  body: JsonObject,
): void {
  if (select?.includes(property) && !holds(caller, readers, readerRoles)) throw requestDenied();
  if (property in body && !holds(caller, writers, writerRoles)) throw requestDenied();
}

/** An object's attributes after a write, which names those that change; null takes one away. @throws GraphError */
export function writeAttributes(current: Json | undefined, written: Json): Json {
  if (!isJsonObject(written)) throw invalid();
  const sets = new Map(Object.entries(isJsonObject(current) ? current : {}));
  for (const [name, set] of Object.entries(written)) {
    if (name.startsWith("@")) continue;
    if (!isJsonObject(set)) throw invalid();
    const known = sets.get(name);
    const attributes = { ...(isJsonObject(known) ? known : {}), ...set };
    const left = Object.entries(attributes).filter(([, value]) => value !== null);
    sets.set(name, { ...Object.fromEntries(left), "@odata.type": valueType });
  }
  return Object.fromEntries(sets);
}

/** An attribute of a user or service principal, by the name of its set and its own; undefined where it has none. */
export function attributeOf(tenant: TenantState, objectId: string, setAndName: string): Json | undefined {
  const object = tenant.servicePrincipals.get(objectId) ?? tenant.users.get(objectId);
  const sets = object?.customSecurityAttributes;
  for (const [name, set] of Object.entries(isJsonObject(sets) ? sets : {})) {
    if (isJsonObject(set) && setAndName.startsWith(`${name}_`)) {
      const value = set[setAndName.slice(name.length + 1)];
      if (textOf(value) !== "") return value;
    }
  }
  return undefined;
}

const valueType = "#microsoft.graph.customSecurityAttributeValue";

function invalid(): Error {
  return badRequest(`The value of property '${property}' must be sets of attributes by name.`);
}
