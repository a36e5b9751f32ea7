import { directoryObjectType } from "../../model/directory.ts";
import { tokenLifetimePolicyType } from "../../model/policies.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { resourceNotFound } from "../errors.ts";
import { crud } from "./crud.ts";
import { ownedBy, tokenLifetimePolicyExpansions } from "./expansions.ts";
import { applicationAdministrators } from "./permissions.ts";
import { policyAssignmentRoutes } from "./policyAssignments.ts";
import { directoryObjects, idOf } from "./references.ts";

const path = "/policies/tokenLifetimePolicies";
const type = tokenLifetimePolicyType;
const writers = ["Policy.ReadWrite.ApplicationConfiguration"];
const readerRoles = [
  "Global Reader",
  "Security Reader",
  "Security Administrator",
  ...applicationAdministrators,
];
const tableOf = ({ tenant }: GraphRequest) => tenant.tokenLifetimePolicies;

/**
 * How long access tokens of an application are good for.
 *
 * Whom a policy applies to is read from its own side with rights to read; an application's own list of them takes the
 * right to write applications. Source: "List appliesTo" and "Assign tokenLifetimePolicy" of Microsoft Graph.
 */
export const tokenLifetimePolicyRoutes: readonly GraphRoute[] = [
  ...crud({
    path,
    what: "token lifetime policy",
    type,
    expand: tokenLifetimePolicyExpansions,
    tableOf,
    created: () => ({}),
    reading: { permissions: ["Policy.Read.All", ...writers], directoryRoles: readerRoles },
    writing: { permissions: writers, directoryRoles: applicationAdministrators },
  }),
  {
    method: "GET",
    path: `${path}/:id/appliesTo`,
    title: "List the objects that a token lifetime policy is assigned to",
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
    name: "tokenLifetimePolicies",
    what: "token lifetime policy",
    type,
    tableOf,
    reading: {
      permissions: ["Policy.Read.All", ...writers],
      alsoRequires: ["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"],
      directoryRoles: applicationAdministrators,
    },
    writing: {
      permissions: ["Policy.Read.All", ...writers],
      alsoRequires: ["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"],
      directoryRoles: applicationAdministrators,
    },
  }),
];
