import type { ManagementScope, RoleAssignment } from "../../graph/exchangeRoles.ts";
import type { RoleHolder, ShownAssignment, ShownScope } from "../../graph/exchangeRoleManagement.ts";
import { isMaster, isSameRoleName } from "../../microsoft/exchangeRoleGroups.ts";
import type { DeclaredRole, DeclaredRoles } from "./declaredRoles.ts";
import { ledgerText } from "./ledger.ts";
import type { ObservedRoles } from "./observedRoles.ts";
import { assignmentName, ownName, type Owner } from "./ownNames.ts";
import { isAs } from "./planRoles.ts";
import { isSameFilter } from "./recipientFilter.ts";

/**
 * What Exchange Online gives to a component's service principal, as far as Microsoft Graph shows it. Graph does not show who
 * is in a role group, so that declared memberships count as there, and no other one is known. Nor does it show the names of
 * assignments: one of the component's own role group counts as the command's where it is, or was, a declared role.
 */
export function shownRoles(
  owner: Owner,
  declared: DeclaredRoles,
  shown: readonly ShownAssignment[],
): ObservedRoles {
  const own = ownName(owner);
  const isOwn = ({ holder }: ShownAssignment): boolean => isGroup(holder, own);
  const objectId = owner.servicePrincipalObjectId.toLowerCase();
  const groups = [own, ...declared.groups].map((name) => ({ name, displayName: name }));
  const assignments = named(owner, declared.roles, shown.filter(isOwn));
  return {
    principal: undefined,
    own:
      assignments.length === 0 ? undefined : { description: ledgerText(owner, []), assignments, others: [] },
    memberships: groups,
    direct: shown
      .filter(({ holder }) => holder.kind === "servicePrincipal" && holder.id === objectId)
      .map((one) => asAssignment(one)),
    scopes: shown.flatMap(({ over }) => scopeOf(over)),
    strays: [],
    earlier: [],
    groups,
    roleManagement: {
      roles: new Set(),
      groups: new Map(
        declared.groups.flatMap((group) => {
          const master = shown.find(({ holder, role }) => isGroup(holder, group) && isMaster(role));
          return master === undefined ? [] : [[group, asAssignment(master)] as const];
        }),
      ),
    },
  };
}

function isGroup(holder: RoleHolder, name: string): boolean {
  return holder.kind === "roleGroup" && isSameRoleName(holder.name, name);
}

/** The own group's assignments with the names that the command would have given: first what is as declared, then what was. */
function named(
  owner: Owner,
  roles: readonly DeclaredRole[],
  shown: readonly ShownAssignment[],
): readonly RoleAssignment[] {
  const names = new Map<ShownAssignment, string>();
  for (const isIt of [isAsDeclared, isOfRole]) {
    for (const role of roles) {
      const name = assignmentName(owner, role);
      if ([...names.values()].includes(name)) continue;
      const found = shown.find((one) => !names.has(one) && isIt(owner, role, one));
      if (found !== undefined) names.set(found, name);
    }
  }
  return shown.map((one) => asAssignment(one, names.get(one)));
}

function isAsDeclared(owner: Owner, role: DeclaredRole, one: ShownAssignment): boolean {
  if (!isAs(owner, role, asAssignment(one))) return false;
  const { recipientFilter } = role;
  return (
    recipientFilter === undefined ||
    (one.over.kind === "scope" && isSameFilter(one.over.recipientFilter, recipientFilter))
  );
}

function isOfRole(_owner: Owner, { role }: DeclaredRole, one: ShownAssignment): boolean {
  return isSameRoleName(one.role, role);
}

/** @param name @default the ID, which cmdlets take in place of a name */
function asAssignment({ id, role, over }: ShownAssignment, name = id): RoleAssignment {
  return {
    name,
    role,
    scopeKind: over.kind === "administrativeUnit" ? "AdministrativeUnit" : "",
    scope: scopeText(over),
    assigneeType: "",
    assignees: [],
    // Graph does not show those that are.
    isDelegating: false,
    // Graph does not say whether one is.
    isDisabled: false,
  };
}

function scopeText(over: ShownScope): string {
  switch (over.kind) {
    case "all":
      return "";
    case "administrativeUnit":
      return over.id;
    case "scope":
      return over.name;
    default:
      return over.text;
  }
}

function scopeOf(over: ShownScope): readonly ManagementScope[] {
  return over.kind === "scope" ? [{ name: over.name, recipientFilter: over.recipientFilter }] : [];
}
