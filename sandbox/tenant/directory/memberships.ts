import { randomUUID } from "node:crypto";
import { builtInRole } from "../catalogue/directoryRoles.ts";
import { directoryRoleType } from "../model/directory.ts";
import { initialValues } from "../model/entityType.ts";
import { first, type DirectoryEntity, type TenantState } from "../state.ts";

/** What a principal is a member of: the directory roles that it has over the whole tenant, and administrative units. */
export function membershipsOf(tenant: TenantState, principalId: string): readonly string[] {
  const roles = [...tenant.roleAssignments.values()].flatMap((assignment) => {
    const isHeld = assignment.principalId === principalId && assignment.directoryScopeId === "/";
    return isHeld ? (activatedRole(tenant, assignment.roleDefinitionId)?.id ?? []) : [];
  });
  const units = tenant.members
    .filter((reference) => reference.to === principalId)
    .map((reference) => reference.from);
  return [...roles, ...units];
}

/** The principals that have a directory role over the whole tenant. */
export function membersOfRole(tenant: TenantState, roleTemplateId: string): readonly string[] {
  return [...tenant.roleAssignments.values()]
    .filter(
      (assignment) => assignment.roleDefinitionId === roleTemplateId && assignment.directoryScopeId === "/",
    )
    .map((assignment) => assignment.principalId);
}

/** An activated directory role; undefined where nobody has activated it. */
export function activatedRole(tenant: TenantState, roleTemplateId: string): DirectoryEntity | undefined {
  return first(tenant.directoryRoles.values(), (role) => role.roleTemplateId === roleTemplateId);
}

/** Activates a directory role, which the first assignment does too. */
export function activateRole(tenant: TenantState, roleTemplateId: string): DirectoryEntity {
  const present = activatedRole(tenant, roleTemplateId);
  if (present !== undefined) return present;
  const displayName = builtInRole(roleTemplateId)?.displayName ?? null;
  const role: DirectoryEntity = {
    ...initialValues(directoryRoleType.properties),
    id: randomUUID(),
    roleTemplateId,
    displayName,
    description: displayName,
  };
  tenant.directoryRoles.set(role.id, role);
  return role;
}
