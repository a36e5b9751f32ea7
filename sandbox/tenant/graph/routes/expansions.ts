import { builtInRole } from "../../catalogue/directoryRoles.ts";
import {
  membershipsOf,
  membersOf,
  membersOfRole,
  transitiveMembershipsOf,
} from "../../directory/memberships.ts";
import { presentAppRoleAssignment, presentRoleDefinition } from "../../directory/present.ts";
import { textOf, type JsonObject } from "../../json.ts";
import {
  appRoleAssignmentType,
  directoryObjectType,
  federatedIdentityCredentialType,
  permissionGrantType,
} from "../../model/directory.ts";
import { roleDefinitionType } from "../../model/directoryRoles.ts";
import { applicationPolicyType } from "../../model/policies.ts";
import { stsPolicyKinds, type PolicyHolder } from "../../model/stsPolicies.ts";
import type { DirectoryEntity } from "../../state.ts";
import type { Expansion, Expansions, GraphRequest } from "../route.ts";
import { presentItem } from "./references.ts";

/**
 * What `$expand` may name, by type: one relationship a request, and twenty items of it, as Graph has it for the objects
 * of the directory.
 *
 * Source: "Customize Microsoft Graph responses with query parameters", https://learn.microsoft.com/graph/query-parameters.
 */

const owners = objects((request, id) => linkedTo(request.tenant.owners, id));

/** Of an application. */
export const applicationExpansions: Expansions = {
  owners,
  appManagementPolicies: policies(applicationPolicyType, ({ tenant }) => tenant.appManagementPolicies),
  ...stsPoliciesOf("applications"),
  federatedIdentityCredentials: {
    type: federatedIdentityCredentialType,
    of: ({ tenant }, { id }) =>
      [...tenant.federatedIdentityCredentials.values()].filter(({ holderId }) => holderId === id),
  },
};

/** Of a service principal. */
export const servicePrincipalExpansions: Expansions = {
  owners,
  appRoleAssignments: appRoleAssignments("principalId"),
  appRoleAssignedTo: appRoleAssignments("resourceId"),
  memberOf: objects(({ tenant }, id) => membershipsOf(tenant, id)),
  oauth2PermissionGrants: {
    type: permissionGrantType,
    of: ({ tenant }, { id }) =>
      [...tenant.permissionGrants.values()].filter(({ clientId }) => clientId === id),
  },
  ownedObjects: objects(({ tenant }, id) => ownedBy(tenant.owners, id)),
  transitiveMemberOf: objects(({ tenant }, id) => transitiveMembershipsOf(tenant, id)),
  ...stsPoliciesOf("servicePrincipals"),
};

/** Of a group. */
export const groupExpansions: Expansions = {
  owners,
  memberOf: objects(({ tenant }, id) => membershipsOf(tenant, id)),
  members: objects(({ tenant }, id) => membersOf(tenant, id)),
};

/** Of a user. */
export const userExpansions: Expansions = {
  appRoleAssignments: appRoleAssignments("principalId"),
  manager: { ...objects(({ tenant }, id) => linkedTo(tenant.managers, id)), isSingle: true },
  memberOf: objects(({ tenant }, id) => membershipsOf(tenant, id)),
  transitiveMemberOf: objects(({ tenant }, id) => transitiveMembershipsOf(tenant, id)),
};

/** Of an activated directory role. */
export const directoryRoleExpansions: Expansions = {
  members: {
    type: directoryObjectType,
    of: (request, { roleTemplateId }, select) =>
      items(request, membersOfRole(request.tenant, textOf(roleTemplateId)), select),
  },
};

const principal = reference("principalId");
const roleDefinition: Expansion = {
  type: roleDefinitionType,
  isSingle: true,
  of: (_request, { roleDefinitionId }) => {
    const role = builtInRole(textOf(roleDefinitionId));
    return role === undefined ? [] : [presentRoleDefinition(role)];
  },
};

/** Of a role assignment, and of everything that schedules one. */
export const roleExpansions: Expansions = {
  principal,
  roleDefinition,
  directoryScope: {
    type: directoryObjectType,
    isSingle: true,
    of: (request, { directoryScopeId }, select) =>
      items(request, [textOf(directoryScopeId).split("/").at(-1) ?? ""], select),
  },
};

/** Of everything that schedules a place in a group. */
export const groupScheduleExpansions: Expansions = { group: reference("groupId"), principal };

/** Of a token lifetime policy, and of the policies like it. */
export const stsPolicyExpansions: Expansions = {
  appliesTo: objects(({ tenant }, id) => ownedBy(tenant.policyAssignments, id)),
};

/** The ids that references lead to from an object. */
function linkedTo(references: GraphRequest["tenant"]["owners"], from: string): readonly string[] {
  return references.filter((one) => one.from === from).map(({ to }) => to);
}

/** The ids of the objects that references lead from to this one. */
export function ownedBy(references: GraphRequest["tenant"]["owners"], to: string): readonly string[] {
  return references.filter((one) => one.to === to).map(({ from }) => from);
}

function objects(idsOf: (request: GraphRequest, id: string) => readonly string[]): Expansion {
  return {
    type: directoryObjectType,
    of: (request, { id }, select) => items(request, idsOf(request, textOf(id)), select),
  };
}

function reference(property: string): Expansion {
  return {
    type: directoryObjectType,
    isSingle: true,
    of: (request, object, select) => items(request, [textOf(object[property])], select),
  };
}

function items(
  request: GraphRequest,
  ids: readonly string[],
  select: readonly string[] | undefined,
): readonly JsonObject[] {
  return ids
    .map((id) => presentItem(request, id, select ?? "default"))
    .filter((shown) => shown !== undefined);
}

function appRoleAssignments(side: "principalId" | "resourceId"): Expansion {
  return {
    type: appRoleAssignmentType,
    of: ({ tenant }, { id }) =>
      [...tenant.appRoleAssignments.values()]
        .filter((assignment) => assignment[side] === id)
        .map((assignment) => presentAppRoleAssignment(tenant, assignment)),
  };
}

function policies(
  type: Expansion["type"],
  tableOf: (request: GraphRequest) => ReadonlyMap<string, DirectoryEntity>,
): Expansion {
  return {
    type,
    of: (request, { id }) =>
      linkedTo(request.tenant.policyAssignments, textOf(id)).flatMap(
        (one) => tableOf(request).get(one) ?? [],
      ),
  };
}

function stsPoliciesOf(holder: PolicyHolder): Expansions {
  const kinds = stsPolicyKinds.filter(({ holders }) => holders.includes(holder));
  return Object.fromEntries(
    kinds.map(({ name, type }) => [name, policies(type, ({ tenant }) => tenant.stsPolicies[name])]),
  );
}
