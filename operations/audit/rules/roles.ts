import { Membership, RoleAssignment } from "../../../graph/objects.ts";
import type { Properties } from "../../../stack/values.ts";
import type { AuditRule, Observation } from "../rule.ts";
import { lacks, readsAll } from "../rule.ts";
import { isSame, text, texts } from "../stateValues.ts";
import { groupPermission, membershipsPart, ofPrincipal, overObject, takenAway } from "./parts.ts";
import { type GroupWithRoles, readsRolesOfGroups } from "./rolesOfGroups.ts";
import { keyOfRole, roleInWords, roleKey, subjectOfRole, withinApplication } from "./roleWords.ts";
import { Schedule, timesOf } from "./scheduleTimes.ts";

/** Why more rights of the application matter. */
const access = {
  severity: "critical",
  why: "Everybody who can sign in as the application may do more with it.",
  source: "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
} as const;
const permission = "RoleManagement.Read.Directory";

/** Roles that the application holds, and roles that somebody holds over it. */
export const roleRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-SCOPED-ROLE",
    title: "Directory role over the application or its service principal",
    severity: "high",
    why: "Anyone who holds it can add credentials, and then sign in as the application.",
    source: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
    reads: [
      readsAll(
        {
          name: "rolesOverApplication",
          path: overObject("roleAssignments", "applicationObjectId"),
          permission,
        },
        { schema: RoleAssignment },
        overTheObjects,
      ),
      readsAll(
        {
          name: "rolesOverServicePrincipal",
          path: overObject("roleAssignments", "servicePrincipalObjectId"),
          permission,
        },
        { schema: RoleAssignment },
        overTheObjects,
      ),
    ],
    declaredBy: { DirectoryRoleAssignment: ({ wanted }) => [assignedRole(wanted)] },
  },
  {
    id: "EXO-AUDIT-ROLE",
    title: "Directory role",
    ...access,
    reads: [
      readsAll(
        { name: "roles", path: ofPrincipal("roleAssignments"), permission },
        { schema: RoleAssignment },
        (found) => ({
          items: found.map((one) => ({
            key: keyOfRole(one),
            subject: subjectOfRole(one),
            found: roleInWords(one),
            removal: { kind: "delete", path: assignmentPath(one) },
          })),
        }),
      ),
      readsRolesOfGroups(throughGroups),
    ],
    recorded: ({ roleTemplateIds }, { servicePrincipalObjectId }) =>
      roleTemplateIds.map((templateId) => roleKey(servicePrincipalObjectId, templateId, "/")),
    tolerated: ({ timedRoles = [] }, { servicePrincipalObjectId }) =>
      timedRoles.map(({ roleTemplateId }) => roleKey(servicePrincipalObjectId, roleTemplateId, "/")),
    missing: {
      id: "EXO-AUDIT-ROLE-MISSING",
      title: "Declared directory role that the application lacks",
      severity: "medium",
      why: `Jobs that need the role fail. ${takenAway}`,
      source: "https://learn.microsoft.com/graph/api/resources/unifiedroleassignment",
      isRead: (key, { servicePrincipalObjectId }) =>
        key.startsWith(`${servicePrincipalObjectId.toLowerCase()} `),
    },
    declaredBy: { DirectoryRoleAssignment: ({ wanted }) => [assignedRole(wanted)] },
  },
  {
    id: "EXO-AUDIT-ROLE-ELIGIBILITY",
    title: "Eligibility for a directory role",
    ...access,
    reads: [
      readsAll(
        { name: "eligibilities", path: ofPrincipal("roleEligibilitySchedules"), permission },
        { schema: Schedule },
        (found) => ({
          items: found.map((one) => ({
            key: keyOfRole(one),
            subject: subjectOfRole(one, timesOf(one)),
            found: roleInWords(one),
          })),
        }),
      ),
    ],
    otherRemedy: "remove it in Privileged Identity Management, under Eligible assignments",
    declaredBy: { DirectoryRoleEligibilityScheduleRequest: ({ wanted }) => [eligibleRole(wanted)] },
  },
  {
    id: "EXO-AUDIT-ROLE-GROUP",
    title: "Membership of a group that can carry directory roles",
    ...access,
    source: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
    reads: [
      readsAll(membershipsPart, { schema: Membership }, (found, { objects }) =>
        memberships(found, objects.servicePrincipalObjectId),
      ),
    ],
    declaredBy: {
      GroupMember: ({ wanted }, { servicePrincipalObjectId }) =>
        isSame(wanted["memberObjectId"], servicePrincipalObjectId) ? [text(wanted["groupObjectId"])] : [],
      // An owner of the group is no member of it.
      PrivilegedAccessGroupAssignmentSchedule: ({ wanted }, { servicePrincipalObjectId }) =>
        wanted["assignmentType"] === "member" && isSame(wanted["principalId"], servicePrincipalObjectId)
          ? [text(wanted["groupId"])]
          : [],
      Group: ({ state, wanted }, { servicePrincipalObjectId }) =>
        texts(wanted["members"]).some((member) => isSame(member, servicePrincipalObjectId))
          ? [text(state["objectId"])]
          : [],
    },
  },
];

/** A group's roles can change under a membership that the stack declares, or that somebody accepted. */
function throughGroups(found: readonly GroupWithRoles[]): Observation {
  return {
    items: found.flatMap(([{ id, displayName }, held]) =>
      held.map((one) => ({
        key: keyOfRole(one),
        subject: subjectOfRole(one),
        found: `${roleInWords(one)}, through group "${displayName ?? "unnamed"}", object ID ${id}`,
        remedy: "take the role from the group, or the service principal out of the group",
      })),
    ),
  };
}

function assignedRole(wanted: Properties): string {
  const scope = text(wanted["directoryScopeId"]) || withinApplication(text(wanted["appScopeId"]));
  return roleKey(text(wanted["principalObjectId"]), text(wanted["roleId"]), scope);
}

/** The key of a role that a resource of azuread makes somebody eligible for. */
export function eligibleRole(wanted: Properties): string {
  return roleKey(
    text(wanted["principalId"]),
    text(wanted["roleDefinitionId"]),
    text(wanted["directoryScopeId"]),
  );
}

function overTheObjects(found: readonly RoleAssignment[]): Observation {
  return {
    items: found.map((one) => ({
      key: keyOfRole(one),
      subject: subjectOfRole(one),
      found: roleInWords(one, ` of principal ${one.principalId}`),
      removal: { kind: "delete", path: assignmentPath(one) },
    })),
  };
}

function assignmentPath({ id }: RoleAssignment): string {
  return `/roleManagement/directory/roleAssignments/${id}`;
}

function memberships(found: readonly Membership[], principalId: string): Observation {
  // Graph shows what the caller may not read by its type and id alone.
  const isHidden = found.some(
    ({ "@odata.type": type, displayName }) =>
      type === "#microsoft.graph.group" && typeof displayName !== "string",
  );
  const reason = `groups come without their properties: ${lacks(groupPermission)}`;
  return {
    items: found
      .filter(({ isAssignableToRole }) => isAssignableToRole === true)
      .map(({ id, displayName }) => ({
        key: id,
        found: `group "${displayName ?? "unnamed"}", object ID ${id}`,
        removal: { kind: "delete", path: `/groups/${id}/members/${principalId}/$ref` },
      })),
    ...(isHidden ? { hidden: { reason, denied: true } } : {}),
  };
}
