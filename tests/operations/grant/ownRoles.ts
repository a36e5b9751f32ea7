import type { RoleAssignment } from "../../../graph/exchangeRoles.ts";
import type { ObservedMembership, ObservedRoles } from "../../../operations/grant/observedRoles.ts";
import { noRoleManagement } from "../../../operations/grant/roleManagement.ts";
import type { Grantee } from "../../../operations/grant/roleSteps.ts";

/** A component's application, as the plan of its roles knows it. */
export const owner: Grantee = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  appId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
  servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
};

/** A service that knows nothing of it. */
export const nothingThere: ObservedRoles = {
  principal: undefined,
  own: undefined,
  memberships: [],
  direct: [],
  scopes: [],
  strays: [],
  earlier: [],
  groups: [],
  roleManagement: noRoleManagement,
};

/** A role group that is shown as it is called. */
export function groupNamed(name: string): ObservedMembership {
  return { name, displayName: name };
}

/** A role over everybody, given to a role group. */
export function assignmentOf(name: string, role: string): RoleAssignment {
  return {
    name,
    role,
    scopeKind: "Organization",
    scope: "",
    assigneeType: "RoleGroup",
    assignees: [],
    isDelegating: false,
    isDisabled: false,
  };
}
