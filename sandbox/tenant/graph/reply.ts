import type { Json, JsonObject } from "../json.ts";
import { directoryObjectType } from "../model/directory.ts";
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
  return { ...pick(object, names), ...related(request, object) };
}

/** Graph expands twenty items of a relationship between objects of the directory, and gives no link to more. */
const maxExpanded = 20;

/** What `$expand` names on an object, by name. */
function related(request: GraphRequest, object: JsonObject): JsonObject {
  return Object.fromEntries(
    request.expanded.map(({ name, select: selected, expansion: { of, type, isSingle } }) => {
      const items = of(request, object, selected).slice(0, maxExpanded);
      const names = selected ?? defaultSelection(type, request.version);
      // Objects of several types come with what their own types have.
      const shown = type === directoryObjectType ? items : items.map((item) => pick(item, names));
      return [name, isSingle === true ? (shown[0] ?? null) : shown];
    }),
  );
}

/** The properties of an object by name, null for those that it lacks. */
export function pick(object: JsonObject, names: readonly string[]): JsonObject {
  const picked: Record<string, Json> = {};
  for (const name of names) picked[name] = object[name] ?? null;
  return picked;
}
