import type { JsonObject } from "../../json.ts";
import type { EntityType } from "../../model/entityType.ts";
import { licenseRequired, resourceNotFound } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import type { Expansions, GraphRequest, GraphRoute } from "../route.ts";

/** A list of objects that can be read as a whole and one by one. */
export interface ReadRoutes {
  readonly path: string;
  readonly type: EntityType;
  readonly permissions: readonly string[];
  readonly directoryRoles: readonly string[];
  readonly expand: Expansions;
  readonly differences?: string;
  readonly all: (request: GraphRequest) => ReadonlyMap<string, JsonObject>;
  /** Looks at a request for the whole list before it is answered. @default nothing is looked at */
  readonly check?: (request: GraphRequest) => void;
}

/** The routes of Privileged Identity Management that read a list, which take a tenant with Entra ID P2. */
export function licensedReadRoutes(options: ReadRoutes): readonly GraphRoute[] {
  const { all, check, path, type, permissions, directoryRoles, expand, differences } = options;
  const common = {
    type,
    permissions,
    directoryRoles,
    expand,
    method: "GET",
    ...(differences === undefined ? {} : { differences }),
  } as const;
  return [
    {
      ...common,
      path,
      title: `List objects of type ${type.name}`,
      query: ["$select", "$filter", "$top", "$expand"],
      handle: (request) => {
        checkLicense(request);
        check?.(request);
        return collection(request, type, all(request).values());
      },
    },
    {
      ...common,
      path: `${path}/:id`,
      title: `Read an object of type ${type.name}`,
      query: ["$select", "$expand"],
      handle: (request) => {
        checkLicense(request);
        const { id = "" } = request.params;
        const object = all(request).get(id);
        if (object === undefined) throw resourceNotFound(id);
        return entity(request, type, object);
      },
    },
  ];
}

/** Refuses what a tenant without Entra ID P2 does not have. @throws GraphError */
export function checkLicense({ tenant }: GraphRequest): void {
  if (!tenant.entraIdP2) throw licenseRequired();
}
