import type { GraphClient } from "../../graph/graphClient.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { all, quoted } from "../../graph/graphClient.ts";
import { AppRoleAssignment, RoleAssignment } from "../../graph/objects.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";
import type { Leftover } from "./leftover.ts";

/** The component's consents that the tenant has and the state does not know. @throws ApiError, SignInError */
export async function findConsents(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  servicePrincipalId: string | undefined,
): Promise<readonly Leftover[]> {
  const wanted = planned.filter(({ type }) => type === childTypes.appRoleAssignment);
  const found = await Promise.all(
    wanted.map(async (consent): Promise<readonly Leftover[]> => {
      const principalId = principalOf(consent, servicePrincipalId);
      if (principalId === undefined) return [];
      const assigned = await graph.read(
        all(`/servicePrincipals/${principalId}/appRoleAssignments`, AppRoleAssignment),
      );
      return assigned
        .filter(
          ({ appRoleId, resourceId }) =>
            appRoleId === textOf(consent.inputs, "appRoleId") &&
            resourceId === textOf(consent.inputs, "resourceObjectId"),
        )
        .map(({ id, resourceId }) => ({
          component: name,
          kind: "consent",
          id: `/servicePrincipals/${resourceId}/appRoleAssignedTo/${id}`,
          title: `consent ${parseUrn(consent.urn).name}`,
          action: "import",
          urn: consent.urn,
        }));
    }),
  );
  return found.flat();
}

/** The component's role assignments that the tenant has and the state does not know. @throws ApiError, SignInError */
export async function findRoleAssignments(
  graph: GraphClient,
  { name, planned }: Pick<ComponentParts, "name" | "planned">,
  servicePrincipalId: string | undefined,
): Promise<readonly Leftover[]> {
  const wanted = planned.filter(({ type }) => type === childTypes.directoryRoleAssignment);
  const found = await Promise.all(
    wanted.map(async (assignment): Promise<readonly Leftover[]> => {
      const principalId = principalOf(assignment, servicePrincipalId);
      if (principalId === undefined) return [];
      const path = `/roleManagement/directory/roleAssignments?$filter=principalId eq ${quoted(principalId)}`;
      const held = await graph.read(all(path, RoleAssignment));
      return held
        .filter(
          ({ roleDefinitionId, directoryScopeId }) =>
            roleDefinitionId === textOf(assignment.inputs, "roleId") && directoryScopeId === "/",
        )
        .map(({ id }) => ({
          component: name,
          kind: "roleAssignment",
          id: `/roleManagement/directory/roleAssignments/${id}`,
          title: `role assignment ${parseUrn(assignment.urn).name}`,
          action: "import",
          urn: assignment.urn,
        }));
    }),
  );
  return found.flat();
}

/** Whom a planned assignment is for: said in the plan, or the service principal that is found now. */
function principalOf({ inputs }: StackResource, servicePrincipalId: string | undefined): string | undefined {
  return textOf(inputs, "principalObjectId") ?? servicePrincipalId;
}
