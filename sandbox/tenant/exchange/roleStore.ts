import {
  complianceManagementRoles,
  complianceRoleGroups,
  exchangeManagementRoles,
  exchangeRoleGroups,
} from "../../../microsoft/exchangeRoleGroups.ts";
import type { DirectoryEntity, ManagementRoleAssignment, RoleStore, TenantState } from "../state.ts";
import { textOf } from "../json.ts";
import { objectNotFound } from "./errors.ts";
import type { ExchangeService } from "./services.ts";

/** A role group, built in or of the tenant's own. */
export interface KnownRoleGroup {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** The roles that it holds by itself: those of a built-in group. */
  readonly roles: readonly string[];
  readonly isBuiltIn: boolean;
}

const builtIn: Readonly<Record<ExchangeService, readonly KnownRoleGroup[]>> = {
  exchangeOnline: Object.entries(exchangeRoleGroups).map(([name, roles]) => built(name, name, roles)),
  // There, a built-in group's name is its display name without the spaces.
  securityAndCompliance: Object.entries(complianceRoleGroups).map(([displayName, roles]) =>
    built(displayName.replaceAll(" ", ""), displayName, roles),
  ),
};

function built(name: string, displayName: string, roles: readonly string[]): KnownRoleGroup {
  return { name, displayName, description: "", roles, isBuiltIn: true };
}

/** A management role, built in or derived from another one. */
export interface KnownRole {
  readonly name: string;
  /** The role that it was derived from; absent where it is built in. */
  readonly parent?: string;
  /** The built-in role at its root, without spaces and hyphens. */
  readonly roleType: string;
}

const builtInRoles: Readonly<Record<ExchangeService, readonly string[]>> = {
  exchangeOnline: exchangeManagementRoles,
  securityAndCompliance: complianceManagementRoles,
};

/** The management roles that a service has. */
export function managementRoles(store: RoleStore, service: ExchangeService): readonly KnownRole[] {
  return [
    ...builtInRoles[service].map((name) => ({ name, roleType: roleTypeOf(name) })),
    ...[...store.roles.values()].map((role) => ({ ...role, roleType: roleTypeOf(rootOf(store, role.name)) })),
  ];
}

/** The built-in role that a role was derived from, or the role itself. */
export function rootOf(store: RoleStore, role: string): string {
  const parent = store.roles.get(role.toLowerCase())?.parent;
  return parent === undefined ? role : rootOf(store, parent);
}

function roleTypeOf(name: string): string {
  return name.replaceAll(/[\s-]/g, "");
}

/** Every role group of a service. */
export function roleGroups(store: RoleStore, service: ExchangeService): readonly KnownRoleGroup[] {
  const own = [...store.roleGroups.values()].map(({ name, description }) => ({
    name,
    displayName: name,
    description,
    roles: [],
    isBuiltIn: false,
  }));
  return [...builtIn[service], ...own];
}

/** A role group by name or display name. @throws ExchangeError */
export function findRoleGroup(store: RoleStore, service: ExchangeService, identity: string): KnownRoleGroup {
  const wanted = identity.toLowerCase();
  const group = roleGroups(store, service).find(({ name, displayName }) =>
    [name, displayName].some((one) => one.toLowerCase() === wanted),
  );
  if (group === undefined) throw objectNotFound(identity);
  return group;
}

/** Those that built-in role groups have. Only Organization Management may give roles, too. */
export function builtInAssignments(service: ExchangeService): readonly ManagementRoleAssignment[] {
  return builtIn[service].flatMap(({ name: assignee, roles }) =>
    roles.flatMap((role) => {
      const given = { role, assignee, assigneeType: "RoleGroup", since: "" } as const;
      const name = `${role}-${assignee}`;
      const delegating = { ...given, name: `${name}-Delegating`, isDelegating: true };
      return [{ ...given, name }, ...(/^Organization ?Management$/.test(assignee) ? [delegating] : [])];
    }),
  );
}

/** The assignments of a role group or a service principal that the tenant made. */
export function assignmentsOf(store: RoleStore, assignee: string): readonly ManagementRoleAssignment[] {
  return [...store.assignments.values()].filter(
    (assignment) => assignment.assignee.toLowerCase() === assignee.toLowerCase(),
  );
}

/** A service principal that the service knows, by one of its ids or its name. @throws ExchangeError */
export function findServicePrincipal(store: RoleStore, identity: string): DirectoryEntity {
  const wanted = identity.toLowerCase();
  for (const principal of store.servicePrincipals.values()) {
    const names = [principal.id, textOf(principal.appId), textOf(principal.displayName).toLowerCase()];
    if (names.includes(wanted)) return principal;
  }
  throw objectNotFound(identity);
}

/** Who can be in a role group: a service principal that the service knows, or a user. @throws ExchangeError */
export function findMember(tenant: TenantState, store: RoleStore, identity: string): DirectoryEntity {
  const wanted = identity.toLowerCase();
  const user = [...tenant.users.values()].find((one) =>
    [one.id, textOf(one.userPrincipalName).toLowerCase()].includes(wanted),
  );
  return user ?? findServicePrincipal(store, identity);
}
