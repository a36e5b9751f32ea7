import { directoryObjectType } from "../../model/directory.ts";
import { stsPolicyKinds, type StsPolicyKind } from "../../model/stsPolicies.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { resourceNotFound } from "../errors.ts";
import { crud } from "./crud.ts";
import { ownedBy, stsPolicyExpansions } from "./expansions.ts";
import { applicationAdministrators } from "./permissions.ts";
import { policyAssignmentRoutes } from "./policyAssignments.ts";
import { directoryObjects, idOf } from "./references.ts";

const writers = ["Policy.ReadWrite.ApplicationConfiguration"];
const readerRoles = [
  "Global Reader",
  "Security Reader",
  "Security Administrator",
  ...applicationAdministrators,
];
/** Reading an object's own list takes a right to write applications. */
const ofAnObject = {
  permissions: ["Policy.Read.All", ...writers],
  alsoRequires: ["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"],
  directoryRoles: applicationAdministrators,
};

/**
 * The policies about tokens and sign-in pages that applications and service principals can have.
 *
 * Whom a policy applies to is read from its own side with rights to read; an object's own list of them takes the right
 * to write applications. Source: "List appliesTo" and "Assign tokenLifetimePolicy" of Microsoft Graph, and the same pages
 * of the other kinds.
 */
export const stsPolicyRoutes: readonly GraphRoute[] = stsPolicyKinds.flatMap(routesOf);

function routesOf(kind: StsPolicyKind): readonly GraphRoute[] {
  const { name, what, type, holders } = kind;
  const path = `/policies/${name}`;
  const tableOf = ({ tenant }: GraphRequest) => tenant.stsPolicies[name];
  return [
    ...crud({
      path,
      what,
      type,
      expand: stsPolicyExpansions,
      tableOf,
      created: () => ({}),
      reading: { permissions: ["Policy.Read.All", ...writers], directoryRoles: readerRoles },
      writing: { permissions: writers, directoryRoles: applicationAdministrators },
    }),
    {
      method: "GET",
      path: `${path}/:id/appliesTo`,
      title: `List the objects that a ${what} is assigned to`,
      type: directoryObjectType,
      permissions: ["Policy.Read.All", ...writers, "Directory.Read.All"],
      alsoRequires: ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"],
      directoryRoles: readerRoles,
      query: ["$select", "$top"],
      handle: (request) => {
        if (!tableOf(request).has(idOf(request))) throw resourceNotFound(idOf(request));
        return directoryObjects(request, ownedBy(request.tenant.policyAssignments, idOf(request)));
      },
    },
    ...policyAssignmentRoutes({
      name,
      what,
      type,
      holders,
      tableOf,
      reading: ofAnObject,
      writing: ofAnObject,
    }),
  ];
}
