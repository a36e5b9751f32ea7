import type { RoleAssignment, RoleReader } from "../../graph/exchangeRoles.ts";
import { isMaster } from "../../microsoft/exchangeRoleGroups.ts";

/** What lets its holder give itself every other right of a service. Names say little: whoever makes a role or a group chooses one. */
export interface RoleManagement {
  /** The role "Role Management" and what was derived from it, by name in lower case. */
  readonly roles: ReadonlySet<string>;
  /** Role groups that hold such a role, or that may give roles, by name, with the assignment that does it. */
  readonly groups: ReadonlyMap<string, RoleAssignment>;
  /** Everything that role groups hold, by name, where that was read. */
  readonly held?: ReadonlyMap<string, readonly RoleAssignment[]>;
}

/** Nothing was looked at. */
export const noRoleManagement: RoleManagement = { roles: new Set(), groups: new Map() };

/** Reads what these role groups hold. @param groups their names @throws ApiError, SignInError */
export async function readRoleManagement(
  reader: Pick<RoleReader, "assignments" | "roleManagementRoles">,
  groups: readonly string[],
): Promise<RoleManagement> {
  const roles = namesOf(await reader.roleManagementRoles());
  const masters = new Map<string, RoleAssignment>();
  const held = new Map<string, readonly RoleAssignment[]>();
  for (const group of groups) {
    // oxlint-disable-next-line no-await-in-loop -- Exchange throttles an application that asks for much at once.
    const assignments = await reader.assignments(group);
    held.set(group, assignments);
    const master = assignments.find((one) => givesRights(one, roles));
    if (master !== undefined) masters.set(group, master);
  }
  return { roles, groups: masters, held };
}

/** The same, of assignments that were read all together. */
export function roleManagementOf(
  roleNames: readonly string[],
  assignments: readonly RoleAssignment[],
  groups: readonly string[],
): RoleManagement {
  const roles = namesOf(roleNames);
  const masters = assignments.filter((one) => givesRights(one, roles));
  return {
    roles,
    groups: new Map(
      groups.flatMap((group) => {
        const found = masters.find(({ assignees }) => assignees.includes(group.toLowerCase()));
        return found === undefined ? [] : [[group, found] as const];
      }),
    ),
  };
}

/** Whether a role lets its holder give itself every other right. */
export function isMasterRole(role: string, { roles }: RoleManagement): boolean {
  return isMaster(role) || roles.has(role.toLowerCase());
}

/** What a role group holds, as the end of a sentence that begins with its name. */
export function heldText({ role, name, isDelegating }: RoleAssignment): string {
  return isDelegating
    ? `may give the role "${role}" to others and to itself (${name})`
    : `holds the role "${role}" (${name})`;
}

function givesRights({ role, isDelegating }: RoleAssignment, roles: ReadonlySet<string>): boolean {
  return isDelegating || isMaster(role) || roles.has(role.toLowerCase());
}

function namesOf(roles: readonly string[]): ReadonlySet<string> {
  return new Set(roles.map((role) => role.toLowerCase()));
}
