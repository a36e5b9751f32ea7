import { badRequest } from "../errors.ts";
import type { JsonObject } from "../../json.ts";
import type { EntityType } from "../../model/entityType.ts";
import { select } from "../odata/query.ts";
import { collection } from "../reply.ts";
import { deltaRoute } from "./deltaRoute.ts";
import type { Expansions, GraphRequest, GraphRoute } from "../route.ts";

/** Who may read a list of what. */
export interface ListRoutes {
  readonly path: string;
  readonly type: EntityType;
  readonly permissions: readonly string[];
  readonly directoryRoles: readonly string[];
  /** @default nothing can be expanded */
  readonly expand?: Expansions;
  readonly all: (request: GraphRequest) => readonly JsonObject[];
}

/** The routes of a list of directory objects: the list, and how many there are, and what changed. */
export function listRoutes({ all, ...common }: ListRoutes): readonly GraphRoute[] {
  const { path, type } = common;
  return [
    {
      ...common,
      method: "GET",
      title: `List objects of type ${type.name}`,
      query: [
        "$select",
        "$filter",
        "$top",
        "$count",
        "$orderby",
        "$search",
        ...(common.expand === undefined ? [] : (["$expand"] as const)),
      ],
      handle: (request) => collection(request, type, all(request)),
    },
    {
      ...common,
      method: "GET",
      path: `${path}/$count`,
      title: `Count objects of type ${type.name}`,
      query: ["$filter"],
      handle: (request) => {
        if (!request.eventual) throw badRequest("$count is not currently supported.");
        return { status: 200, text: String(select(all(request), request.query).length) };
      },
    },
    deltaRoute({ path, type, all, permissions: common.permissions, directoryRoles: common.directoryRoles }),
  ];
}
