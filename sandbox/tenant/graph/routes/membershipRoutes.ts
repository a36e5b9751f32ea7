import { membershipsOf, transitiveMembershipsOf } from "../../directory/memberships.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";

/** An object that can be a member of others. */
export interface Member extends Pick<GraphRoute, "path" | "permissions" | "directoryRoles"> {
  /** What it is, for the documentation, such as `a user`. */
  readonly what: string;
  /** The id of the object that a path names. @throws GraphError */
  readonly idOf: (request: GraphRequest) => string;
}

const types = ["group", "directoryRole", "administrativeUnit"] as const;

/** The routes of what an object is a member of, directly and through groups. */
export function membershipRoutes({ what, idOf, path, ...reading }: Member): readonly GraphRoute[] {
  return [
    ...relationshipRoutes({
      ...reading,
      path: `${path}/memberOf`,
      title: `List the groups, directory roles and administrative units of ${what}`,
      types,
      idsOf: (request) => membershipsOf(request.tenant, idOf(request)),
    }),
    ...relationshipRoutes({
      ...reading,
      path: `${path}/transitiveMemberOf`,
      title: `List the groups, directory roles and administrative units of ${what}, through groups too`,
      types,
      idsOf: (request) => transitiveMembershipsOf(request.tenant, idOf(request)),
    }),
  ];
}
