import * as v from "valibot";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, one, quoted } from "../../graph/graphClient.ts";
import { RoleAssignment } from "../../graph/objects.ts";
import { roleName } from "../../microsoft/roles.ts";
import type { ComponentRecord } from "../../stack/record.ts";
import type { Finding, Rule, Unread } from "../findings/finding.ts";
import { failedRead } from "./rule.ts";
import { takenAway } from "./rules/parts.ts";

/** A role that the stack gives to a user, and that the user lacks. */
export const userRoleRule: Rule = {
  id: "EXO-AUDIT-USER-ROLE-MISSING",
  title: "Declared directory role that a user lacks",
  severity: "medium",
  why: `The user cannot do what the role allows. ${takenAway}`,
  source: "https://learn.microsoft.com/graph/api/resources/unifiedroleassignment",
};

/** What of the users' roles is missing, or could not be looked at. */
export interface UserRoles {
  readonly missing: readonly Finding[];
  readonly unread: readonly Unread[];
}

type UserRole = ComponentRecord["userRoles"][number];

/** What of a stack's declared access says who is to have which role. */
interface DeclaredUserRoles {
  readonly userRoles: readonly UserRole[];
  /** Why it is not known; absent where it is. */
  readonly unknown?: string;
}

/** Looks for the roles that the stack gives to users; asks for nothing where it gives none. @throws SignInError */
export async function observeUserRoles(
  graph: GraphClient,
  { userRoles, unknown }: DeclaredUserRoles,
): Promise<UserRoles> {
  if (unknown !== undefined) return { missing: [], unread: [unreadFor({ reason: unknown, denied: false })] };
  if (userRoles.length === 0) return { missing: [], unread: [] };
  const answers = await graph.batch<Record<string, Answer>>({
    ...Object.fromEntries(userRoles.map((role) => [userOf(role), userRead(role)])),
    ...Object.fromEntries(userRoles.map((role) => [holdersOf(role), holdersRead(role)])),
  });
  const missing: Finding[] = [];
  const unread: Unread[] = [];
  for (const role of userRoles) {
    const [user, holders] = [answers[userOf(role)], answers[holdersOf(role)]];
    const isGone = user?.ok === false && user.error.failure.status === 404;
    if (user?.ok === false && !isGone) unread.push(unreadFor(failedRead(user.error, "User.Read.All", true)));
    else if (holders?.ok === false)
      unread.push(unreadFor(failedRead(holders.error, "RoleManagement.Read.Directory")));
    else if (isGone || !valueOf(holders).includes(valueOf(user)[0] ?? ""))
      missing.push(findingOf(role, isGone ? "no such user" : "none"));
  }
  return { missing, unread };
}

/** A user's object ID, or those of a role's holders. */
type Answer = readonly string[];

function valueOf(outcome: GraphOutcome<Answer> | undefined): Answer {
  return outcome?.ok === true ? outcome.value : [];
}

function userOf({ userPrincipalName }: UserRole): string {
  return `user ${userPrincipalName.toLowerCase()}`;
}

function userRead({ userPrincipalName }: UserRole): GraphRead<Answer> {
  const path = `/users/${encodeURIComponent(userPrincipalName)}?$select=id`;
  return mapped(one(path, v.object({ id: v.string() })), ({ id }) => [id]);
}

function holdersOf({ roleTemplateId }: UserRole): string {
  return `holders of ${roleTemplateId.toLowerCase()}`;
}

function holdersRead({ roleTemplateId }: UserRole): GraphRead<Answer> {
  const path = `/roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20${quoted(roleTemplateId)}`;
  return mapped(all(path, RoleAssignment), (found) =>
    found.filter(({ directoryScopeId }) => directoryScopeId === "/").map(({ principalId }) => principalId),
  );
}

function findingOf({ userPrincipalName, roleTemplateId }: UserRole, found: string): Finding {
  return {
    ...userRoleRule,
    check: userRoleRule.title,
    subject: `${userPrincipalName} ${roleTemplateId}`,
    found,
    declared: `${roleName(roleTemplateId) ?? `role ${roleTemplateId}`} for ${userPrincipalName}`,
    remedy: "pulumi up --refresh",
  };
}

function unreadFor(failed: Omit<Unread, "check">): Unread {
  return { check: userRoleRule.title, ...failed };
}
