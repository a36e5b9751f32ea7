import { isDeepStrictEqual } from "node:util";
import { textOf, type Json, type JsonObject } from "../../json.ts";
import { defaultSelection, type EntityType } from "../../model/entityType.ts";
import { type DeltaQuery, rememberDelta, rememberedDelta } from "../deltaTokens.ts";
import { badRequest, syncStateNotFound } from "../errors.ts";
import { pick } from "../reply.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";

/** Who may read what changed of which list. */
interface DeltaRoute extends Pick<
  GraphRoute,
  "path" | "type" | "permissions" | "directoryRoles" | "versions"
> {
  readonly all: (request: GraphRequest) => readonly JsonObject[];
}

/**
 * The route that tells what changed in a list since an earlier answer of it.
 *
 * Source: "Use delta query to track changes in Microsoft Graph data", https://learn.microsoft.com/graph/delta-query-overview.
 */
export function deltaRoute({ all, ...common }: DeltaRoute): GraphRoute {
  return {
    ...common,
    method: "GET",
    path: `${common.path}/delta`,
    title: `List what changed of objects of type ${common.type.name}`,
    query: ["$select", "$filter", "$deltatoken"],
    differences: "One page, without relationships such as `members@delta`. A token ends with the process.",
    handle(request) {
      const { query, tenant, url, version } = request;
      const { deltaToken = "" } = query;
      const isFirst = deltaToken === "" || deltaToken === "latest";
      const asked = isFirst
        ? firstQuery(request, common.type)
        : rememberedDelta(tenant, url.pathname, deltaToken);
      if (asked === undefined) throw syncStateNotFound(linkOf(url, ""));
      const objects = new Map(
        all(request)
          .filter(asked.filter ?? (() => true))
          .map((object) => [textOf(object["id"]), object]),
      );
      const token = rememberDelta(tenant, url.pathname, { ...asked, objects });
      return {
        status: 200,
        body: {
          "@odata.context": `${url.origin}/${version}/$metadata#${common.path.split("/").at(-1)}`,
          "@odata.deltaLink": linkOf(url, token),
          value:
            deltaToken === "latest"
              ? []
              : [...changed(request, asked, objects), ...removed(request, asked, objects)],
        },
      };
    },
  };
}

/** What the links of the first answer remember. An object's ID is all that a delta query filters by. @throws GraphError */
function firstQuery({ query, version }: GraphRequest, type: EntityType): DeltaQuery {
  if ([...(query.filtered ?? [])].some((name) => name !== "id"))
    throw badRequest("The query filters by another property than id.", "Request_UnsupportedQuery");
  return {
    names: query.select ?? defaultSelection(type, version),
    filter: query.filter,
    objects: new Map(),
  };
}

/** What is new or has another value; with `Prefer: return=minimal` only the values that are others. */
function changed(
  { isMinimal }: GraphRequest,
  { names, objects: known }: DeltaQuery,
  objects: ReadonlyMap<string, JsonObject>,
): readonly JsonObject[] {
  return [...objects].flatMap(([id, object]) => {
    const before = known.get(id);
    if (before === undefined) return { ...pick(object, names), id };
    const others = names.filter((name) => !isDeepStrictEqual(object[name], before[name]));
    if (others.length === 0) return [];
    return { ...pick(object, isMinimal ? others : names), id };
  });
}

/** What is gone: "changed" for what can be restored. */
function removed(
  { tenant }: GraphRequest,
  { objects: known }: DeltaQuery,
  objects: ReadonlyMap<string, JsonObject>,
): readonly Json[] {
  return [...known.keys()]
    .filter((id) => !objects.has(id))
    .map((id) => ({ id, "@removed": { reason: tenant.deletedItems.has(id) ? "changed" : "deleted" } }));
}

function linkOf(url: URL, token: string): string {
  return `${url.origin}${url.pathname}?$deltatoken=${token}`;
}
