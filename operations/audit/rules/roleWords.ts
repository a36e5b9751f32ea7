import type { RoleAssignment, RoleDefinition } from "../../../graph/objects.ts";
import { roleName } from "../../../microsoft/roles.ts";
import { contentHash } from "../../findings/contentHash.ts";

/** The key of a role that somebody holds. */
export function roleKey(
  principalId: string,
  roleDefinitionId: string,
  scope: string | null | undefined,
): string {
  return `${principalId} ${roleDefinitionId} ${scope || "/"}`.toLowerCase();
}

/** As `roleKey`, of what Graph answers. */
export function keyOfRole(assignment: RoleAssignment): string {
  const { principalId, roleDefinitionId, directoryScopeId, appScopeId } = assignment;
  // Another kind of scope is not the whole tenant.
  const scope = directoryScopeId || withinApplication(appScopeId ?? "") || "appScope";
  return roleKey(principalId, roleDefinitionId, scope);
}

/**
 * How a baseline names a role that somebody holds: what a custom role allows can be changed under its ID, and the times of
 * a schedule under the schedule's. Either ends an acceptance.
 *
 * @param times of a schedule. @default the role is held now, without one
 */
export function subjectOfRole(assignment: RoleAssignment, times?: unknown): string {
  const content = [
    ...(isCustom(assignment) ? [allowedBy(assignment.roleDefinition)] : []),
    ...(times === undefined || times === null ? [] : [times]),
  ];
  const key = keyOfRole(assignment);
  return content.length === 0 ? key : `${key} ${contentHash(content)}`;
}

/** Whether a role is not one of Entra's own, whose content only Microsoft changes. */
export function isCustom({ roleDefinition, roleDefinitionId }: RoleAssignment): boolean {
  return !(roleDefinition?.isBuiltIn ?? roleName(roleDefinitionId) !== undefined);
}

/** A custom role as it is now: its ID, with a hash of what it allows. */
export function customRoleKey(
  roleDefinitionId: string,
  definition: Pick<RoleDefinition, "isEnabled" | "rolePermissions"> | null | undefined,
): string {
  return `${roleDefinitionId} ${contentHash(allowedBy(definition))}`;
}

/** What a role allows, whatever the order in which Graph lists it, and whether it lists what is empty. */
function allowedBy(
  definition: Pick<RoleDefinition, "isEnabled" | "rolePermissions"> | null | undefined,
): unknown {
  if (!definition) return "not known";
  const permissions = (definition.rolePermissions ?? []).map((permission) =>
    JSON.stringify(
      Object.entries(permission)
        .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
        .map(([name, value]) => [name, Array.isArray(value) ? value.map(String).toSorted() : value] as const)
        .toSorted(([first], [second]) => (first < second ? -1 : 1)),
    ),
  );
  return [definition.isEnabled ?? true, permissions.toSorted()];
}

/** A role that is held, in words. */
export function roleInWords(assignment: RoleAssignment, holder = ""): string {
  const { roleDefinition, roleDefinitionId, directoryScopeId, appScopeId } = assignment;
  const custom = roleDefinition?.displayName ? `role "${roleDefinition.displayName}", ID ` : "role ";
  const name = roleName(roleDefinitionId) ?? `${custom}${roleDefinitionId}`;
  const scope = directoryScopeId || withinApplication(appScopeId ?? "") || "?";
  return `${name}${holder} over ${scope === "/" ? "the whole tenant" : scope}`;
}

/** A scope within an application, which is not the whole tenant; empty where there is none. */
export function withinApplication(appScopeId: string): string {
  return appScopeId === "" ? "" : `application scope ${appScopeId}`;
}
