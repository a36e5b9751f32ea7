import type {
  ManagementScope,
  RoleAssignment,
  RoleGroup,
  RoleGroupMember,
  RoleReader,
} from "../../graph/exchangeRoles.ts";
import { isSameRoleName } from "../../microsoft/exchangeRoleGroups.ts";
import { type DeclaredRoles, nothingDeclared, type RoleService } from "./declaredRoles.ts";
import { type EarlierGroup, earlierGroups } from "./earlierGroups.ts";
import { isOwn, ownName, type Owner } from "./ownNames.ts";
import { noRoleManagement, readRoleManagement, type RoleManagement } from "./roleManagement.ts";

/** A component's own role group. */
export interface ObservedGroup {
  readonly description: string;
  readonly assignments: readonly RoleAssignment[];
  /** Those in it beside the component's service principal. */
  readonly others: readonly RoleGroupMember[];
}

/** A role group that the service principal is in. */
export interface ObservedMembership {
  readonly name: string;
  readonly displayName: string;
}

/** What one service gives to a component's service principal. */
export interface ObservedRoles {
  /** The display name of its service principal there; undefined where the service does not know it. */
  readonly principal: string | undefined;
  /** The role group of the component's own; undefined where there is none. */
  readonly own: ObservedGroup | undefined;
  /** The role groups that its service principal is in, its own among them. */
  readonly memberships: readonly ObservedMembership[];
  /** The roles that its service principal holds itself. */
  readonly direct: readonly RoleAssignment[];
  readonly scopes: readonly ManagementScope[];
  /** Assignments with a name of the component's own that its role group does not hold: somebody renamed it, or made them anew. */
  readonly strays: readonly RoleAssignment[];
  /** Role groups that were made for this component under another name, or with another application. */
  readonly earlier: readonly EarlierGroup[];
  /** Every role group that the service has. */
  readonly groups: readonly ObservedMembership[];
  /** What the role groups hold that it is in, or that are declared. */
  readonly roleManagement: RoleManagement;
}

/**
 * Reads what one service gives to a component's service principal.
 *
 * @param declared whose role groups are looked at, too. @default those alone that the service principal is in
 * @throws ApiError, SignInError
 */
export async function observeRoles(
  reader: Omit<RoleReader, "principals">,
  service: RoleService,
  owner: Owner,
  declared: DeclaredRoles = nothingDeclared,
): Promise<ObservedRoles> {
  const { servicePrincipalObjectId: objectId } = owner;
  const [principal, groups, scopes] = await Promise.all([
    reader.principal(objectId),
    reader.groups(),
    service === "exchangeOnline" ? reader.scopes() : [],
  ]);
  const name = ownName(owner);
  const ownGroup = groups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  const members = await readMembers(reader, groups);
  const ownersOf = (group: string): readonly RoleGroupMember[] =>
    withId(members.get(group) ?? [], objectId.toLowerCase());
  const memberships = groups.filter((group) => ownersOf(group.name).length > 0);
  const direct = principal === undefined ? [] : (await reader.assignments(objectId)).filter(isDirect);
  const looked = new Set([
    ...memberships.filter((group) => group !== ownGroup).map((group) => group.name),
    ...declared.groups.flatMap((group) => findGroup(groups, group)?.name ?? []),
  ]);
  const assignments = ownGroup === undefined ? [] : await reader.assignments(ownGroup.name);
  // Security & Compliance has none, and who was never known there was given none.
  const mayHaveRoles = service === "exchangeOnline" && (principal !== undefined || declared.roles.length > 0);
  const isAny = looked.size + direct.length + declared.roles.length + (ownGroup === undefined ? 0 : 1) > 0;
  return {
    principal,
    own: ownGroup && {
      description: ownGroup.description,
      assignments,
      others: (members.get(ownGroup.name) ?? []).filter(
        (member) => !ownersOf(ownGroup.name).includes(member),
      ),
    },
    memberships: memberships.map(named),
    direct,
    scopes,
    strays: mayHaveRoles ? await readStrays(reader, owner, assignments) : [],
    earlier: earlierGroups(groups, owner),
    groups: groups.map(named),
    roleManagement: isAny ? await readRoleManagement(reader, [...looked]) : noRoleManagement,
  };
}

/** Names are those of a whole service, so a name of the component's own is found whoever holds it. @throws ApiError, SignInError */
async function readStrays(
  reader: Pick<RoleReader, "allAssignments">,
  owner: Owner,
  held: readonly RoleAssignment[],
): Promise<readonly RoleAssignment[]> {
  const names = new Set(held.map(({ name }) => name));
  return (await reader.allAssignments()).filter(({ name }) => isOwn(owner, name) && !names.has(name));
}

/** A role group by its name, or by what is shown of it; undefined where the service has none. */
export function findGroup(
  groups: readonly ObservedMembership[],
  wanted: string,
): ObservedMembership | undefined {
  const exact = groups.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return (
    exact ??
    groups.find(({ name, displayName }) => [name, displayName].some((one) => isSameRoleName(one, wanted)))
  );
}

/** The members of each role group, by its name. @throws ApiError, SignInError */
export async function readMembers(
  reader: Pick<RoleReader, "members">,
  groups: readonly RoleGroup[],
): Promise<ReadonlyMap<string, readonly RoleGroupMember[]>> {
  const members = new Map<string, readonly RoleGroupMember[]>();
  for (const group of groups) {
    // oxlint-disable-next-line no-await-in-loop -- Exchange throttles an application that asks for much at once.
    if (group.hasMembers) members.set(group.name, await reader.members(group.name));
  }
  return members;
}

/** The members with an object ID, in lower case. By another text than their ID, it is one at most: somebody else can have it as a name. */
export function withId(members: readonly RoleGroupMember[], objectId: string): readonly RoleGroupMember[] {
  const sure = members.filter(({ ids }) => ids[0] === objectId);
  return sure.length > 0 ? sure : members.filter(({ ids }) => ids.includes(objectId)).slice(0, 1);
}

/** What comes by a role group is that group's. */
function isDirect({ assigneeType }: RoleAssignment): boolean {
  return assigneeType !== "RoleGroup";
}

function named({ name, displayName }: ObservedMembership): ObservedMembership {
  return { name, displayName };
}
