import type { DirectoryEntity, ManagementRoleAssignment, RoleStore, TenantState } from "../state.ts";
import type { ExchangeCommand } from "./command.ts";
import { fitsFilter } from "./recipientFilter.ts";
import { assignmentsOf, roleGroups, rootOf } from "./roleStore.ts";
import type { ExchangeService } from "./services.ts";

/** A management role that a caller holds, and over which recipients. */
export interface HeldRole {
  readonly role: string;
  /** Absent where it is over all of them. */
  readonly scope?: Pick<ManagementRoleAssignment, "customRecipientWriteScope" | "administrativeUnit">;
}

/**
 * The management roles of a service principal, by its role groups and by itself.
 *
 * @param isEffective whether what was given at this time has reached the servers that answer
 */
export function heldRoles(
  store: RoleStore,
  service: ExchangeService,
  principalId: string,
  isEffective: (since: string) => boolean,
): readonly HeldRole[] {
  if (!store.servicePrincipals.has(principalId)) return [];
  const joined = store.members.filter(({ to, since }) => to === principalId && isEffective(since));
  const groups = roleGroups(store, service).filter((group) => joined.some(({ from }) => from === group.name));
  const assignments = [principalId, ...groups.map(({ name }) => name)]
    .flatMap((assignee) => assignmentsOf(store, assignee))
    .filter(
      ({ since, isDelegating, isDisabled }) =>
        isDelegating !== true && isDisabled !== true && isEffective(since),
    );
  return [
    ...groups.flatMap(({ roles }) => roles.map((role) => ({ role }))),
    ...assignments.map((assignment) => {
      const role = rootOf(store, assignment.role);
      return assignment.customRecipientWriteScope === undefined && assignment.administrativeUnit === undefined
        ? { role }
        : { role, scope: assignment };
    }),
  ];
}

/** Those of the held roles with which a command may be run. */
export function rolesFor(command: ExchangeCommand, held: readonly HeldRole[]): readonly HeldRole[] {
  return held.filter(({ role }) => command.managementRoles.includes(role));
}

/** Whether one of these roles reaches a recipient. */
export function reaches(
  tenant: TenantState,
  store: RoleStore,
  roles: readonly HeldRole[],
  recipient: DirectoryEntity,
): boolean {
  return roles.some(({ scope }) => {
    if (scope === undefined) return true;
    const { administrativeUnit: unit, customRecipientWriteScope: name = "" } = scope;
    if (unit !== undefined)
      return tenant.members.some(({ from, to }) => from === unit && to === recipient.id);
    const filter = store.scopes.get(name.toLowerCase())?.recipientFilter;
    return filter !== undefined && fitsFilter(filter, recipient);
  });
}
