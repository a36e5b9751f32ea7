import { entityTypes, typeOf } from "../../directory/present.ts";
import type { FoundObject } from "../../state.ts";
import { directoryObjectType } from "../../model/directory.ts";
import { propertiesOf } from "../../model/entityType.ts";
import { badRequest } from "../errors.ts";
import { collection } from "../reply.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { directoryObjects, presentItem, referencesTo } from "./references.ts";

/** What an object of the directory is, such as `servicePrincipal`. */
type ObjectType = FoundObject["type"];

/** A relationship that leads from one object to a list of objects of several types. */
export interface Relationship extends Pick<
  GraphRoute,
  "path" | "title" | "permissions" | "directoryRoles" | "versions" | "differences"
> {
  /** The types of what it can lead to. */
  readonly types: readonly ObjectType[];
  /** The ids of what it leads to. @throws GraphError where there is no such object */
  readonly idsOf: (request: GraphRequest) => readonly string[];
}

/** The routes of a relationship: its list, that of one type (an OData cast), how many there are, and references alone. */
export function relationshipRoutes(relationship: Relationship): readonly GraphRoute[] {
  const { types, idsOf, ...common } = relationship;
  const { path, title } = common;
  const form = { ...common, method: "GET", type: directoryObjectType, formOf: path } as const;
  return [
    {
      ...common,
      method: "GET",
      type: directoryObjectType,
      query: ["$select", "$top", "$count"],
      handle: (request) => directoryObjects(request, idsOf(request)),
    },
    ...types.map((type): GraphRoute => ({
      ...form,
      type: entityTypes[type],
      path: `${path}/microsoft.graph.${type}`,
      title: `${title}, those of type ${type}`,
      query: ["$select", "$filter", "$top", "$count", "$orderby", "$search"],
      handle: (request) => {
        const ids = idsOf(request).filter((id) => typeOf(request.tenant, id) === type);
        const all = Object.keys(propertiesOf(entityTypes[type], request.version));
        const items = ids.map((id) => presentItem(request, id, all)).filter((item) => item !== undefined);
        return collection(request, entityTypes[type], items);
      },
    })),
    {
      ...form,
      path: `${path}/$count`,
      title: `${title}: how many`,
      handle: (request) => {
        const ids = idsOf(request);
        if (!request.eventual) throw badRequest("$count is not currently supported.");
        return { status: 200, text: String(ids.length) };
      },
    },
    {
      ...form,
      path: `${path}/$ref`,
      title: `${title}: references`,
      handle: (request) => referencesTo(request, idsOf(request)),
    },
  ];
}
