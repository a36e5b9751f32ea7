import { randomUUID } from "node:crypto";
import { builtInRole } from "../catalogue/directoryRoles.ts";
import { directoryRoleType } from "../model/directoryRoles.ts";
import { initialValues } from "../model/entityType.ts";
import { first, type DirectoryEntity, type TenantState } from "../state.ts";

/** What a principal is a member of: groups, administrative units, and the directory roles that it has over the whole tenant. */
export function membershipsOf(tenant: TenantState, principalId: string): readonly string[] {
  return [...rolesOf(tenant, principalId), ...containersOf(tenant, principalId)];
}

/** The same, and what those groups are members of. */
export function transitiveMembershipsOf(tenant: TenantState, principalId: string): readonly string[] {
  const holders = [principalId, ...groupsOf(tenant, principalId)];
  return [...new Set(holders.flatMap((holder) => membershipsOf(tenant, holder)))];
}

/** The groups that an object is in, directly or through other groups. */
export function groupsOf(tenant: TenantState, memberId: string): readonly string[] {
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const group of containersOf(tenant, id)) {
      if (!tenant.groups.has(group) || found.has(group)) continue;
      found.add(group);
      visit(group);
    }
  };
  visit(memberId);
  return [...found];
}

/** The members of a group, directly or through other groups. */
export function transitiveMembersOf(tenant: TenantState, groupId: string): readonly string[] {
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const member of membersOf(tenant, id)) {
      if (found.has(member)) continue;
      found.add(member);
      visit(member);
    }
  };
  visit(groupId);
  return [...found];
}

/** The members of a group or an administrative unit. */
export function membersOf(tenant: TenantState, containerId: string): readonly string[] {
  return tenant.members.filter(({ from }) => from === containerId).map(({ to }) => to);
}

function containersOf(tenant: TenantState, memberId: string): readonly string[] {
  return tenant.members.filter(({ to }) => to === memberId).map(({ from }) => from);
}

function rolesOf(tenant: TenantState, principalId: string): readonly string[] {
  return [...tenant.roleAssignments.values()].flatMap((assignment) => {
    const isHeld = assignment.principalId === principalId && assignment.directoryScopeId === "/";
    return isHeld ? (activatedRole(tenant, assignment.roleDefinitionId)?.id ?? []) : [];
  });
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
