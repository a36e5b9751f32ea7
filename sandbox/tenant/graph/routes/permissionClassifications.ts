import { permissionClassificationType } from "../../model/directory.ts";
import { collection } from "../reply.ts";
import type { GraphRoute } from "../route.ts";
import { find } from "./servicePrincipals.ts";

/** How an administrator has classified what a service principal lets others do for a user. */
export const permissionClassificationRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/servicePrincipals/:id/delegatedPermissionClassifications",
    title: "List the classifications of a service principal's delegated permissions",
    type: permissionClassificationType,
    permissions: ["Policy.Read.PermissionGrant", "Policy.ReadWrite.PermissionGrant"],
    query: ["$select", "$filter"],
    differences: "There are none, and none can be made.",
    handle: (request) => {
      find(request);
      return collection(request, permissionClassificationType, []);
    },
  },
];
