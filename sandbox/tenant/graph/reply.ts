import type { Json, JsonObject } from "../json.ts";
import { defaultSelection, type EntityType } from "../model/entityType.ts";
import { select, skipToken } from "./odata/query.ts";
import type { GraphRequest, Reply } from "./route.ts";

const defaultPageSize = 100;

/** One object: its type's properties, or those that `$select` names. */
export function entity(
  request: GraphRequest,
  type: EntityType,
  object: JsonObject,
  status = 200,
  annotate = false,
): Reply {
  const root = `${request.url.origin}/${request.version}`;
  const body = {
    "@odata.context": `${root}/$metadata#${type.name}`,
    ...(annotate ? { "@odata.type": `#microsoft.graph.${type.name}` } : {}),
    ...shape(request, type, object),
  };
  return { status, body };
}

/**
 * A page of a list, after `$filter`, `$orderby` and `$select`.
 *
 * `@odata.count` comes with the header `ConsistencyLevel: eventual` only, as for directory objects in Graph.
 */
export function collection(
  request: GraphRequest,
  type: EntityType,
  objects: Iterable<JsonObject>,
  annotate = false,
): Reply {
  const { query } = request;
  const fitting = select([...objects], query);
  const { value, ...link } = page(request, fitting);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.url.origin}/${request.version}/$metadata#${type.name}s`,
      ...(query.count && request.eventual ? { "@odata.count": fitting.length } : {}),
      ...link,
      value: value.map((object) => ({
        ...(annotate ? { "@odata.type": `#microsoft.graph.${type.name}` } : {}),
        ...shape(request, type, object),
      })),
    },
  };
}

/** Those objects that a request's page holds, and the link to the next page where there are more. */
export function page(
  request: GraphRequest,
  objects: readonly JsonObject[],
): { readonly "@odata.nextLink"?: string; readonly value: readonly JsonObject[] } {
  const { skip, top = defaultPageSize } = request.query;
  const end = skip + top;
  return {
    ...(end < objects.length ? { "@odata.nextLink": nextLink(request.url, end) } : {}),
    value: objects.slice(skip, end),
  };
}

function nextLink(url: URL, skip: number): string {
  const link = new URL(url);
  link.searchParams.set("$skiptoken", skipToken(skip));
  return link.href;
}

/** The properties that an answer has: those selected, those selected by default, or all. */
function shape(request: GraphRequest, type: EntityType, object: JsonObject): JsonObject {
  const names = request.query.select ?? defaultSelection(type, request.version);
  const shaped: Record<string, Json> = {};
  for (const name of names) shaped[name] = object[name] ?? null;
  return shaped;
}
