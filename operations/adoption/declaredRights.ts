import { isGuid } from "../../common/guid.ts";
import {
  complianceManagementRoles,
  complianceRoleGroups,
  exchangeManagementRoles,
  exchangeRoleGroups,
  isIdentifier,
  isMaster,
  isSameRoleName,
} from "../../microsoft/exchangeRoleGroups.ts";
import type { DeclaredRole, RoleService } from "../grant/declaredRoles.ts";
import { isMasterRole } from "../grant/roleManagement.ts";
import { type ExchangeRight, type HeldGroup, type HeldRole, rightText } from "./exchangeRights.ts";
import type { Undeclared } from "./undeclared.ts";

/** The component's arguments for what an application has in Exchange itself; each absent where there is nothing. */
export interface DeclaredRights {
  readonly exchangeRoleGroups?: readonly string[];
  readonly exchangeRoles?: readonly DeclaredRole[];
  readonly complianceRoleGroups?: readonly string[];
}

/** The arguments for what a service has. */
export const rightsKeys: Readonly<Record<RoleService, readonly (keyof DeclaredRights)[]>> = {
  exchangeOnline: ["exchangeRoleGroups", "exchangeRoles"],
  securityAndCompliance: ["complianceRoleGroups"],
};

/** Writes down what an application has in Exchange itself as the component would declare it, and what it cannot. */
export function declaredRights(rights: readonly ExchangeRight[]): {
  readonly settings: DeclaredRights;
  readonly undeclared: readonly Undeclared[];
} {
  const problems = rights.map((right) => ({ right, choice: choiceOf(right) }));
  const declared = problems.flatMap(({ right, choice }) => (choice === undefined ? [right] : []));
  const groupsOf = (service: HeldGroup["service"]): readonly string[] =>
    declared.flatMap((right) => (right.kind === "group" && right.service === service ? right.wanted : []));
  const [groups, compliance] = [groupsOf("exchangeOnline"), groupsOf("securityAndCompliance")];
  const roles = declared.flatMap((right) => (right.kind === "role" ? roleOf(right) : []));
  // The same role over the same recipients is one, however often it was given.
  const distinct = [...new Map(roles.map((role) => [JSON.stringify(role), role])).values()];
  return {
    settings: {
      ...(groups.length > 0 && { exchangeRoleGroups: groups.slice(0, maximumGroups) }),
      ...(distinct.length > 0 && { exchangeRoles: distinct }),
      ...(compliance.length > 0 && { complianceRoleGroups: compliance.slice(0, maximumGroups) }),
    },
    undeclared: [
      ...problems.flatMap(({ right, choice }) =>
        choice === undefined ? [] : [{ title: rightText(right), choice }],
      ),
      ...[...groups.slice(maximumGroups), ...compliance.slice(maximumGroups)].map((name) => ({
        title: `role group "${name}"`,
        choice: `declare it in place of another one, because a component takes ${maximumGroups} role groups of a service, accept it in .exo-auth, or remove it`,
      })),
    ],
  };
}

/** As many as a component takes of each service. */
const maximumGroups = 12;

/** What to do about a right that the component does not declare; undefined where it does. */
function choiceOf(right: ExchangeRight): string | undefined {
  if (right.kind === "group") return groupChoice(right);
  const { assignment, service, roleManagement } = right;
  if (assignment.isDelegating || isMasterRole(assignment.role, roleManagement))
    return masterChoice("exchangeRoles");
  if (assignment.isDisabled)
    return "remove it, because it is disabled and gives nothing, or accept it in .exo-auth";
  if (service === "securityAndCompliance")
    return "declare a role group that holds it in `complianceRoleGroups`, accept it in .exo-auth, or remove it";
  if (/^Application /i.test(assignment.role))
    return "accept it in .exo-auth, because it opens mailboxes and no cmdlets and the component has no argument for it, or remove it";
  if (roleOf(right).length === 0)
    return "accept it in .exo-auth, because the component cannot name the recipients that it is limited to, or remove it";
  return isName(assignment.role) && !isIn(assignment.role, otherNames(right)) ? undefined : unnamed;
}

function groupChoice(right: HeldGroup): string | undefined {
  const { service, group, wanted, roleManagement } = right;
  const key = service === "exchangeOnline" ? "exchangeRoleGroups" : "complianceRoleGroups";
  if (isMaster(group.displayName) || isMaster(group.name) || roleManagement.groups.has(group.name))
    return masterChoice(key);
  return isName(wanted) && !isIn(wanted, otherNames(right)) ? undefined : unnamed;
}

function masterChoice(key: string): string {
  return `remove it: with it, the application can give itself every right of the service. If it must stay, declare it in \`${key}\` and run \`exo-auth grant\` with --allow-role-management, or accept it in .exo-auth`;
}

const unnamed =
  "accept it in .exo-auth, because the component takes no such name, or move the application to a role group with another name";

/** Names that the component takes for something else, unless they are the service's own. */
function otherNames({ kind, service }: ExchangeRight): readonly string[] {
  const groups = { exchangeOnline: exchangeRoleGroups, securityAndCompliance: complianceRoleGroups };
  const all = [
    ...Object.values(groups).flatMap((one) => Object.keys(one)),
    ...exchangeManagementRoles,
    ...complianceManagementRoles,
  ];
  const own = kind === "role" ? exchangeManagementRoles : Object.keys(groups[service]);
  return all.filter((name) => !isIn(name, own));
}

function isIn(name: string, names: readonly string[]): boolean {
  return names.some((one) => isSameRoleName(one, name));
}

/** Whether a component takes a name: as its arguments say. */
function isName(name: string): boolean {
  return name.length <= 64 && /^[^\s;](?:[^;\r\n]*[^\s;])?$/.test(name) && !isIdentifier(name);
}

/** A role as the component declares it; empty where it cannot name the recipients. */
function roleOf({ assignment, recipientFilter }: HeldRole): readonly DeclaredRole[] {
  const { role, scope, scopeKind } = assignment;
  if (scope === "") return scopeKind === "AdministrativeUnit" ? [] : [{ role }];
  if (scopeKind === "AdministrativeUnit")
    return isGuid(scope) ? [{ role, administrativeUnit: scope.toLowerCase() }] : [];
  const isFilter = recipientFilter !== undefined && /^[^\r\n]{1,2000}$/.test(recipientFilter);
  return isFilter ? [{ role, recipientFilter }] : [];
}
