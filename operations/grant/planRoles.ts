import { isGuid } from "../../common/guid.ts";
import { exchangeManagementRoles, isSameRoleName } from "../../microsoft/exchangeRoleGroups.ts";
import type { DeclaredRole, DeclaredRoles } from "./declaredRoles.ts";
import { isDeclared } from "./declaredRoles.ts";
import { heldDirectly } from "./directRoles.ts";
import { ledgerGroups, ledgerText } from "./ledger.ts";
import type { RoleAssignment } from "../../graph/exchangeRoles.ts";
import { findGroup, type ObservedGroup, type ObservedRoles } from "./observedRoles.ts";
import {
  addMember,
  type Grantee,
  newAssignment,
  newPrincipal,
  newScope,
  removeAssignment,
  removeGroup,
  removeMember,
  removePrincipal,
  removeScope,
  type RoleStep,
  setLedger,
  setScope,
} from "./roleSteps.ts";
import { isSameFilter } from "./recipientFilter.ts";
import { assignmentName, isOwn, ownName, type Owner, principalName, scopeName } from "./ownNames.ts";

/** What leads from what is there to what is declared. */
export interface RolePlan {
  readonly steps: readonly RoleStep[];
  /** What is left alone, and worth knowing. */
  readonly notes: readonly string[];
  /** Declared role groups that the service does not have. */
  readonly unknownGroups: readonly string[];
  /** Why nothing can be done: another's role group has the name of the component's own. */
  readonly foreignGroup?: string;
  /** Why nothing can be done: roles that somebody else gave to the component's own role group, before it is in there. */
  readonly foreignRoles?: readonly string[];
}

/**
 * The steps in an order in which a run that is killed anywhere can be repeated: what a membership's removal needs to know is
 * written down before the membership is made, what is new is given before what is old is taken away, and what was made for
 * it goes last.
 */
export function planRoles(
  owner: Grantee,
  declared: DeclaredRoles,
  observed: Omit<ObservedRoles, "roleManagement">,
): RolePlan {
  const { own, memberships, principal } = observed;
  const name = ownName(owner);
  const recorded = own === undefined ? [] : ledgerGroups(owner, own.description);
  if (recorded === undefined) return { steps: [], notes: [], unknownGroups: [], foreignGroup: name };
  const wanted = declared.groups.map((group) => findGroup(observed.groups, group) ?? group);
  const unknownGroups = wanted.filter((group) => typeof group === "string");
  // Two spellings may be one role group.
  const groups = [...new Set(wanted.flatMap((group) => (typeof group === "string" ? [] : [group.name])))];
  const held = new Set(memberships.map((group) => group.name));
  const leaving = recorded.filter((group) => held.has(group) && !groups.includes(group));
  const isWanted = isDeclared(declared);
  // What the application holds itself is not given once more.
  const roles = declared.roles.filter((role) => heldDirectly(role, observed) === undefined);
  const taken = new Set(declared.roles.map((role) => heldDirectly(role, observed)?.name));
  const strays = observed.strays.filter(({ name: one }) => !taken.has(one));
  const assignments = planAssignments(owner, roles, { ...observed, strays });
  const takesRoles = roles.length > 0;
  const foreignRoles = takesRoles && !held.has(name) ? othersRoles(owner, own).map(({ role }) => role) : [];
  const member = owner.servicePrincipalObjectId;
  const join = (group: string): readonly RoleStep[] => (held.has(group) ? [] : [addMember(group, member)]);
  const steps = [
    ...(isWanted && principal === undefined ? [newPrincipal(owner)] : []),
    ...(isWanted ? writeLedger(owner, own?.description, [...groups, ...leaving]) : []),
    ...assignments.added,
    ...(takesRoles ? join(name) : []),
    ...groups.flatMap(join),
    ...leaving.map((group) => removeMember(group, member)),
    ...(!takesRoles && held.has(name) ? [removeMember(name, member)] : []),
    ...assignments.removed,
    ...(isWanted && leaving.length > 0 ? [setLedger(owner, groups)] : []),
    ...(!isWanted && own !== undefined ? [removeGroup(name)] : []),
    ...assignments.scopes,
    ...(!isWanted && isSolelyOurs(owner, leaving, observed) ? [removePrincipal(member)] : []),
  ];
  const notes = notesOf(owner, declared, observed, groups, recorded);
  return { steps, notes, unknownGroups, ...(foreignRoles.length > 0 && { foreignRoles }) };
}

/** The roles of the component's own role group that the command did not give. */
function othersRoles(owner: Owner, own: ObservedGroup | undefined): readonly RoleAssignment[] {
  return (own?.assignments ?? []).filter(({ name }) => !isOwn(owner, name));
}

/**
 * Roles of the component's own group: what is given, what is taken away, and the scopes that nothing uses any more. An
 * assignment has its name for itself alone, so one of the same name that another role group holds goes first.
 */
function planAssignments(
  owner: Grantee,
  roles: readonly DeclaredRole[],
  { own, scopes, strays }: Pick<ObservedRoles, "own" | "scopes" | "strays">,
): { readonly added: RoleStep[]; readonly removed: RoleStep[]; readonly scopes: RoleStep[] } {
  const standing = own?.assignments ?? [];
  const filters = [...new Set(roles.flatMap(({ recipientFilter }) => recipientFilter ?? []))];
  const scopeSteps = filters.flatMap((filter) => {
    const name = scopeName(owner, filter);
    const known = scopes.find((scope) => scope.name === name);
    if (known === undefined) return [newScope(name, filter)];
    return isSameFilter(known.recipientFilter, filter) ? [] : [setScope(name, filter)];
  });
  const added = roles.flatMap((role) => {
    const name = assignmentName(owner, role);
    const known = standing.find((assignment) => assignment.name === name);
    const step = newAssignment(owner, name, role);
    if (strays.some((one) => one.name === name))
      return [removeAssignment(name, "which another role group holds"), step];
    if (known === undefined) return [step];
    return isAs(owner, role, known) ? [] : [removeAssignment(name, "which was changed"), step];
  });
  const names = new Set(roles.map((role) => assignmentName(owner, role)));
  const scopeNames = new Set(filters.map((filter) => scopeName(owner, filter)));
  return {
    added: [...scopeSteps, ...added],
    removed: [...standing, ...strays]
      .filter(({ name }) => isOwn(owner, name) && !names.has(name))
      .map(({ name }) => removeAssignment(name)),
    scopes: scopes
      .filter(({ name }) => isOwn(owner, name) && !scopeNames.has(name))
      .map(({ name }) => removeScope(name)),
  };
}

/** Whether an assignment is as declared: its role, the recipients that it may change, and that nobody has disabled it. */
export function isAs(
  owner: Owner,
  { role, recipientFilter, administrativeUnit }: DeclaredRole,
  found: Pick<RoleAssignment, "role" | "scopeKind" | "scope" | "isDisabled">,
): boolean {
  if (found.isDisabled) return false;
  if (found.role.toLowerCase() !== asExchangeNames(role).toLowerCase()) return false;
  if (administrativeUnit !== undefined)
    return found.scopeKind === "AdministrativeUnit" && isUnit(found.scope, administrativeUnit);
  if (recipientFilter !== undefined)
    return found.scopeKind !== "AdministrativeUnit" && found.scope === scopeName(owner, recipientFilter);
  return found.scope === "";
}

/** Of roles that are built in, a name with other spaces is another's, of a role that somebody made. */
function asExchangeNames(role: string): string {
  return exchangeManagementRoles.find((name) => isSameRoleName(name, role)) ?? role;
}

/** Microsoft's pages do not say whether the unit is shown by its object ID or its name, which anybody may choose. */
function isUnit(scope: string, objectId: string): boolean {
  return !isGuid(scope) || scope.toLowerCase() === objectId.toLowerCase();
}

/** Whether nothing holds the service principal in the service once the component's own is gone. */
function isSolelyOurs(
  owner: Owner,
  leaving: readonly string[],
  { principal, memberships, direct }: Pick<ObservedRoles, "principal" | "memberships" | "direct">,
): boolean {
  const others = memberships.filter(
    (group) => group.name !== ownName(owner) && !leaving.includes(group.name),
  );
  return principal === principalName(owner) && others.length === 0 && direct.length === 0;
}

function notesOf(
  owner: Owner,
  declared: DeclaredRoles,
  observed: Omit<ObservedRoles, "roleManagement">,
  groups: readonly string[],
  recorded: readonly string[],
): readonly string[] {
  const { memberships, own, earlier } = observed;
  const name = ownName(owner);
  const taken = new Set(declared.roles.map((role) => heldDirectly(role, observed)));
  const direct = observed.direct.filter((one) => !taken.has(one));
  const foreign = memberships.filter(
    (group) => ![name, ...groups, ...recorded, ...earlier.map((one) => one.name)].includes(group.name),
  );
  return [
    ...foreign.map(
      (group) =>
        `Left alone: the application is in the role group "${group.displayName}", which is not declared, and exo-auth did not add it.`,
    ),
    ...[...taken].flatMap((one) =>
      one === undefined
        ? []
        : [
            `Given already: the application holds the role "${one.role}" directly (${one.name}). exo-auth did not give it, so it does not take it away.`,
          ],
    ),
    ...direct.map(
      (one) =>
        `Left alone: the application holds the role "${one.role}" directly (${one.name}). The role is not declared, and exo-auth did not give it.`,
    ),
    ...othersRoles(owner, own).map(
      (one) =>
        `Left alone: the role group "${name}" holds the role "${one.role}" (${one.name}), which is not declared, and exo-auth did not give it.`,
    ),
    ...earlier.map((group) => `Left alone: the role group "${group.name}" ${group.about}: ${group.removal}`),
    ...(own?.others ?? []).map(
      (other) =>
        `Left alone: "${other.displayName}" is in the role group "${name}", which exo-auth created for this component alone.`,
    ),
  ];
}

function writeLedger(
  owner: Grantee,
  description: string | undefined,
  groups: readonly string[],
): readonly RoleStep[] {
  const text = ledgerText(owner, [...new Set(groups)]);
  if (description === text) return [];
  if (description !== undefined) return [setLedger(owner, groups)];
  const Name = ownName(owner);
  return [
    {
      title: `create the role group "${Name}"`,
      cmdlet: "New-RoleGroup",
      // Without a manager, Exchange would make the caller one, which an application cannot be.
      parameters: { Name, Description: text, ManagedBy: "Organization Management" },
    },
  ];
}
