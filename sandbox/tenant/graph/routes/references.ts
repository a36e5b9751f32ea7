import { badRequest, invalidObjectIdentifier, resourceNotFound, unknownProperty } from "../errors.ts";
import { isGuid } from "../../../../common/guid.ts";
import type { Json, JsonObject } from "../../json.ts";
import { groupReaders, holds, readGroups } from "./permissions.ts";
import { entityTypes, presentObject } from "../../directory/present.ts";
import { page } from "../reply.ts";
import { defaultSelection } from "../../model/entityType.ts";
import type { GraphRequest, Reply } from "../route.ts";
import { findDirectoryObject, userByKey, type TenantState } from "../../state.ts";

/** How many objects a request may bind. */
const maxBindings = 20;

/** A path parameter that is an object's id. @throws GraphError where it is no GUID */
export function idOf(request: GraphRequest, name = "id"): string {
  const id = request.params[name] ?? "";
  if (!isGuid(id)) throw invalidObjectIdentifier(id);
  return id.toLowerCase();
}

/**
 * The id of the object of the tenant that a reference's URL names: by its id, or a user's user principal name.
 *
 * @throws GraphError
 */
export function referencedId(tenant: TenantState, url: string): string {
  const [, collection, id = ""] =
    /\/(directoryObjects|users|servicePrincipals|groups)\/([^/?]+)(?:\/Microsoft\.DirectoryServices\.\w+)?$/.exec(
      url,
    ) ?? [];
  if (collection === "users" && id.includes("@")) {
    const user = userByKey(tenant, id);
    if (user === undefined) throw resourceNotFound(id);
    return user.id;
  }
  if (!isGuid(id))
    throw badRequest("Invalid URL format specified in @odata.id for reference-property links.");
  if (findDirectoryObject(tenant, id.toLowerCase()) === undefined) throw resourceNotFound(id);
  return id.toLowerCase();
}

/** The ids that a `…@odata.bind` names. @throws GraphError */
export function boundIds(
  tenant: TenantState,
  urls: readonly string[],
  read: typeof referencedId = referencedId,
): readonly string[] {
  if (urls.length > maxBindings) {
    throw badRequest(`The number of references in the request exceeds the limit of ${maxBindings}.`);
  }
  return [...new Set(urls.map((url) => read(tenant, url)))];
}

/** A page of objects of several types in one list. */
export function directoryObjects(request: GraphRequest, ids: readonly string[]): Reply {
  const objects = ids.map((id) => presentItem(request, id)).filter((shown) => shown !== undefined);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.url.origin}/${request.version}/$metadata#directoryObjects`,
      ...(request.query.count && request.eventual ? { "@odata.count": objects.length } : {}),
      ...page(request, objects),
    },
  };
}

/** An object of whatever type, by itself. @throws GraphError where there is none */
export function directoryObject(request: GraphRequest, id: string): Reply {
  const item = presentItem(request, id);
  if (item === undefined) throw resourceNotFound(id);
  const context = `${request.url.origin}/${request.version}/$metadata#directoryObjects/$entity`;
  return { status: 200, body: { "@odata.context": context, ...item } };
}

/** A page of references to objects, each the URL that names it. */
export function referencesTo(request: GraphRequest, ids: readonly string[]): Reply {
  const { tenant, url, version } = request;
  const references = ids.flatMap((id) => {
    const type = findDirectoryObject(tenant, id)?.type;
    if (type === undefined) return [];
    const name = `Microsoft.DirectoryServices.${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    return [{ "@odata.id": `${url.origin}/v2/${tenant.id}/directoryObjects/${id}/${name}` }];
  });
  return {
    status: 200,
    body: {
      "@odata.context": `${url.origin}/${version}/$metadata#Collection($ref)`,
      ...page(request, references),
    },
  };
}

/** Forgets every reference from or to an object. */
export function forgetReferences(tenant: TenantState, id: string): void {
  tenant.owners = tenant.owners.filter((reference) => reference.from !== id && reference.to !== id);
  tenant.members = tenant.members.filter((reference) => reference.from !== id && reference.to !== id);
  tenant.managers = tenant.managers.filter((reference) => reference.from !== id && reference.to !== id);
}

/** The URL in the body of a `$ref` request. @throws GraphError */
export function referenceUrl(body: JsonObject): string {
  for (const name of Object.keys(body))
    if (name !== "@odata.id" && name !== "@odata.type") throw unknownProperty(name, "directoryObject");
  const url: Json | undefined = body["@odata.id"];
  if (typeof url !== "string")
    throw badRequest("A value is required for property '@odata.id' of resource 'DirectoryObject'.");
  return url;
}

/**
 * An object as an item of a list of several types; undefined where there is no such object.
 *
 * Of a group, who may not read groups sees type and id. Source: Graph's note on limited information for inaccessible
 * member objects.
 */
export function presentItem(
  request: GraphRequest,
  id: string,
  select: readonly string[] | "default" = request.query.select ?? "default",
): JsonObject | undefined {
  const found = findDirectoryObject(request.tenant, id);
  if (found === undefined) return undefined;
  const all = presentObject(request.store, found);
  const names = select === "default" ? defaultSelection(entityTypes[found.type], "v1.0") : select;
  const isHidden = found.type === "group" && !holds(request.caller, readGroups, groupReaders);
  const shown = names
    .filter((name) => name in all)
    .map((name) => [name, isHidden && name !== "id" ? null : (all[name] ?? null)]);
  return { "@odata.type": `#microsoft.graph.${found.type}`, ...Object.fromEntries(shown) };
}
