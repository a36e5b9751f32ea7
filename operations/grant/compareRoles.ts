import { isGuid } from "../../common/guid.ts";
import { powerShellCommand } from "../../common/powerShell.ts";
import type { ManagementScope, RoleAssignment } from "../../graph/exchangeRoles.ts";
import { isMaster } from "../../microsoft/exchangeRoleGroups.ts";
import { contentHash } from "../findings/contentHash.ts";
import type { Finding, Rule } from "../findings/finding.ts";
import { type DeclaredRole, type DeclaredRoles, type RoleService, serviceNames } from "./declaredRoles.ts";
import { heldDirectly } from "./directRoles.ts";
import { ledgerGroups } from "./ledger.ts";
import { findGroup, type ObservedMembership, type ObservedRoles } from "./observedRoles.ts";
import { assignmentName, ownName, scopeName } from "./ownNames.ts";
import { isAs } from "./planRoles.ts";
import { heldText, isMasterRole, type RoleManagement } from "./roleManagement.ts";
import { isSameFilter } from "./recipientFilter.ts";
import { type Grantee, over, removeAssignment, removeMember, type RoleStep } from "./roleSteps.ts";
import { groupRule, memberRule, missingRule, roleRule, widenedRule } from "./roleRules.ts";

/** A finding, and the step that removes what it found; without one, `exo-auth grant` puts it right. */
export interface RoleFinding {
  readonly finding: Finding;
  readonly step?: RoleStep;
}

/** What stands for a service among the checks of a section. */
export function roleCheck(service: RoleService): string {
  return `Roles of ${serviceNames[service]} itself`;
}

/** Compares what one service gives to a component's application with what the component declares. */
export function compareRoles(
  owner: Grantee,
  service: RoleService,
  declared: DeclaredRoles,
  observed: ObservedRoles,
): readonly RoleFinding[] {
  const about = { check: roleCheck(service), where: serviceNames[service] };
  return [
    ...extraRoles(owner, declared, observed).map((extra) => ({
      finding: extraFinding(service, extra),
      step: extra.step,
    })),
    // Somebody else's role group: who else needs what it holds, nobody here knows.
    ...wideGroups(declared, observed).map((wide) => ({ finding: extraFinding(service, wide) })),
    ...missingRoles(owner, declared, observed).map(({ rule, name, found, wanted }) => ({
      finding: {
        ...rule,
        check: about.check,
        subject: `${about.where}: ${name}${rule === widenedRule ? ` ${contentHash(found)}` : ""}`,
        found,
        declared: wanted,
        remedy: "exo-auth grant --yes",
      },
    })),
  ];
}

/** What an audit finds where a service principal is in a role group that nobody declared. */
export function membershipFinding(
  service: RoleService,
  group: ObservedMembership,
  servicePrincipalObjectId: string,
  roleManagement: RoleManagement,
): Finding {
  // Who looks at all applications does not read what each role group holds.
  return extraFinding(service, membershipOf(group, servicePrincipalObjectId, { roleManagement, scopes: [] }));
}

/** What an audit finds where a service principal holds a role that nobody declared. */
export function directRoleFinding(
  service: RoleService,
  assignment: RoleAssignment,
  roleManagement: RoleManagement,
  scopes: readonly ManagementScope[],
): Finding {
  return extraFinding(service, directRole(assignment, { roleManagement, scopes }));
}

function extraFinding(
  service: RoleService,
  { rule, name, content, found, declared = "none", step, isCritical }: Extra,
): Finding {
  return {
    ...rule,
    severity: isCritical ? "critical" : rule.severity,
    check: roleCheck(service),
    subject: `${serviceNames[service]}: ${name}${content === undefined ? "" : ` ${contentHash(content)}`}`,
    found,
    declared,
    remedy: powerShellCommand(step.cmdlet, step.parameters),
  };
}

interface Extra {
  readonly rule: Rule;
  readonly name: string;
  /** What can change under the name, which ends an acceptance. @default nothing */
  readonly content?: unknown;
  readonly found: string;
  /** @default none */
  readonly declared?: string;
  readonly step: RoleStep;
  /** Whether the application can give itself every other right by it. */
  readonly isCritical: boolean;
}

function membershipOf(
  { name, displayName }: ObservedMembership,
  objectId: string,
  { roleManagement: { groups, held: everything }, scopes }: Surroundings,
): Extra {
  const held = groups.get(name);
  const isKnown = isMaster(displayName);
  return {
    rule: groupRule,
    name: displayName,
    content: everything && contentOf(everything.get(name) ?? [], scopes),
    found: `the application is in it${held === undefined || isKnown ? "" : `, and it ${heldText(held)}`}`,
    step: removeMember(name, objectId),
    isCritical: held !== undefined || isKnown,
  };
}

/** A declared role group by which the application can give itself every other right, though its name does not say so. */
function wideGroups(
  declared: DeclaredRoles,
  { groups, roleManagement, scopes }: ObservedRoles,
): readonly Extra[] {
  return declared.groups.flatMap((wanted) => {
    const group = findGroup(groups, wanted);
    const held = roleManagement.groups.get(group?.name ?? "");
    if (group === undefined || held === undefined || isMaster(wanted)) return [];
    return [
      {
        rule: groupRule,
        name: group.displayName,
        content: contentOf(roleManagement.held?.get(group.name) ?? [held], scopes),
        found: `it ${heldText(held)}`,
        declared: "member",
        step: removeAssignment(held.name),
        isCritical: true,
      },
    ];
  });
}

/** What is around an assignment. */
type Surroundings = Pick<ObservedRoles, "roleManagement" | "scopes">;

function directRole(assignment: RoleAssignment, around: Surroundings): Extra {
  return roleOf(assignment, "held by the application directly", around);
}

function roleOf(one: RoleAssignment, how: string, { roleManagement, scopes }: Surroundings): Extra {
  return {
    rule: roleRule,
    name: one.role,
    content: contentOf([one], scopes),
    found: `${one.name}, ${how}${one.isDisabled ? ", but disabled" : ""}`,
    step: removeAssignment(one.name),
    isCritical: one.isDelegating || isMasterRole(one.role, roleManagement),
  };
}

/**
 * What assignments give, in the same order each time. It is the same whether Exchange shows it or Graph, which knows no names
 * of assignments.
 */
function contentOf(
  assignments: readonly RoleAssignment[],
  scopes: readonly ManagementScope[],
): readonly string[] {
  return assignments
    .map(({ role, scopeKind, scope, isDelegating, isDisabled }) => {
      const filter = scopes.find(({ name }) => name === scope)?.recipientFilter;
      const isUnit = scopeKind === "AdministrativeUnit";
      const where = isUnit ? scope.toLowerCase() : scope;
      return JSON.stringify([role, isUnit, where, filter, isDelegating, ...(isDisabled ? ["disabled"] : [])]);
    })
    .toSorted();
}

/** What is given and not declared. */
function extraRoles(owner: Grantee, declared: DeclaredRoles, observed: ObservedRoles): readonly Extra[] {
  const own = ownName(owner);
  const groups = new Set(declared.groups.map((group) => findGroup(observed.groups, group)?.name));
  const names = new Set(declared.roles.map((role) => assignmentName(owner, role)));
  const taken = new Set(declared.roles.map((role) => heldDirectly(role, observed)));
  return [
    ...observed.memberships
      .filter(({ name }) => name !== own && !groups.has(name))
      .map((group) => membershipOf(group, owner.servicePrincipalObjectId, observed)),
    ...observed.direct.filter((one) => !taken.has(one)).map((one) => directRole(one, observed)),
    ...(observed.own?.assignments ?? [])
      .filter(({ name }) => !names.has(name))
      .map((one) => roleOf(one, `held by its role group "${own}"`, observed)),
    ...(observed.own?.others ?? []).map(({ displayName, ids }) => ({
      rule: memberRule,
      name: displayName,
      found: `in the role group "${own}"`,
      step: removeMember(own, ids.find(isGuid) ?? ids.find((id) => id !== "") ?? displayName),
      isCritical: false,
    })),
  ];
}

interface Missing {
  readonly rule: Rule;
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
}

/** What is declared and not given, or not as declared. */
function missingRoles(owner: Grantee, declared: DeclaredRoles, observed: ObservedRoles): readonly Missing[] {
  const held = new Set(observed.memberships.map(({ name }) => name));
  const own = ownName(owner);
  const isForeign = observed.own !== undefined && ledgerGroups(owner, observed.own.description) === undefined;
  const memberships = declared.groups.flatMap((name) => {
    const group = findGroup(observed.groups, name);
    const found = group === undefined ? "no such role group" : "the application is not in it";
    return group !== undefined && held.has(group.name)
      ? []
      : [{ rule: missingRule, name, found, wanted: "member" }];
  });
  const roles = declared.roles.filter((role) => heldDirectly(role, observed) === undefined);
  if (roles.length === 0) return memberships;
  if (isForeign || !held.has(own)) {
    const found = isForeign
      ? `the role group "${own}" was not created by exo-auth`
      : "the application is not in it";
    return [...memberships, { rule: missingRule, name: own, found, wanted: "member" }];
  }
  return [...memberships, ...roles.flatMap((role) => missingRole(owner, role, observed))];
}

function missingRole(owner: Grantee, role: DeclaredRole, { own, scopes }: ObservedRoles): readonly Missing[] {
  const wanted = `${role.role}${over(role)}`;
  const about = { name: role.role, wanted };
  const assignment = own?.assignments.find(({ name }) => name === assignmentName(owner, role));
  if (assignment === undefined) return [{ rule: missingRule, ...about, found: "none" }];
  if (assignment.isDisabled)
    return [{ rule: missingRule, ...about, found: `${assignment.name}, but disabled` }];
  const scope = assignment.scope === "" ? "all recipients" : assignment.scope;
  if (!isAs(owner, role, assignment))
    return [{ rule: widenedRule, ...about, found: `${assignment.role} over ${scope}` }];
  const { recipientFilter } = role;
  if (recipientFilter === undefined) return [];
  const filter = scopes.find(({ name }) => name === scopeName(owner, recipientFilter))?.recipientFilter;
  if (filter !== undefined && isSameFilter(filter, recipientFilter)) return [];
  return [
    { rule: widenedRule, ...about, found: `${role.role} over the recipients with ${filter ?? "nothing"}` },
  ];
}
