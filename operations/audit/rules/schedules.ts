import { timeInWords } from "../../../common/time.ts";
import * as v from "valibot";
import { isSame, text } from "../stateValues.ts";
import type { PublicComponent } from "../../../stack/components.ts";
import type { AuditRule, DeclaringResource, RuleContext, Observation, ObservedItem } from "../rule.ts";
import { readsAll, readsAllWith } from "../rule.ts";
import { heldBy, ofPrincipal, overObject } from "./parts.ts";
import { Reference, RoleAssignment } from "../../../graph/objects.ts";
import { contentHash } from "../../findings/contentHash.ts";
import { eligibleRole } from "./roles.ts";
import { keyOfRole, roleInWords, subjectOfRole } from "./roleWords.ts";
import { Schedule, ScheduleInfo, timesOf } from "./scheduleTimes.ts";

const permission = "RoleManagement.Read.Directory";
const inPim = "remove it in Privileged Identity Management, under";

const GroupSchedule = v.object({
  groupId: Reference,
  principalId: Reference,
  accessId: v.nullish(v.string()),
  scheduleInfo: ScheduleInfo,
});
type GroupSchedule = v.InferOutput<typeof GroupSchedule>;

/** The roles that a group carries, which can change while somebody accepts the place in it. */
const rolesOfGroup = {
  path: ({ groupId }: GroupSchedule): string => heldBy("roleAssignments", groupId),
  schema: RoleAssignment,
};

/** Roles and places in groups that somebody may take, or gets later. None of these reads needs a right to write. */
export const scheduleRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
    title: "Eligibility for a directory role over the application or its service principal",
    severity: "high",
    why: "Anyone who has it can take the role, add credentials, and sign in as the application.",
    source: "https://learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityschedules",
    otherRemedy: `${inPim} Eligible assignments`,
    reads: [
      readsAll(
        {
          name: "eligibilitiesOverApplication",
          path: overObject("roleEligibilitySchedules", "applicationObjectId"),
          permission,
        },
        { schema: Schedule },
        overTheObjects,
      ),
      readsAll(
        {
          name: "eligibilitiesOverServicePrincipal",
          path: overObject("roleEligibilitySchedules", "servicePrincipalObjectId"),
          permission,
        },
        { schema: Schedule },
        overTheObjects,
      ),
    ],
    declaredBy: { DirectoryRoleEligibilityScheduleRequest: ({ wanted }) => [eligibleRole(wanted)] },
  },
  {
    id: "EXO-AUDIT-ROLE-SCHEDULE",
    title: "Directory role that starts later",
    severity: "critical",
    why: "On that day it widens what the application may do, or lets somebody add credentials to it.",
    source: "https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentschedules",
    otherRemedy: `${inPim} Active assignments`,
    reads: [
      readsAll(
        { name: "roleSchedules", path: ofPrincipal("roleAssignmentSchedules"), permission },
        { schema: Schedule },
        startingLater,
      ),
      readsAll(
        {
          name: "schedulesOverApplication",
          path: overObject("roleAssignmentSchedules", "applicationObjectId"),
          permission,
        },
        { schema: Schedule },
        startingLater,
      ),
      readsAll(
        {
          name: "schedulesOverServicePrincipal",
          path: overObject("roleAssignmentSchedules", "servicePrincipalObjectId"),
          permission,
        },
        { schema: Schedule },
        startingLater,
      ),
    ],
  },
  {
    id: "EXO-AUDIT-GROUP-ELIGIBILITY",
    title: "Eligibility for a group",
    severity: "high",
    why: "The application can become a member or owner of the group, with every role that it carries.",
    source: "https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-eligibilityschedules",
    otherRemedy: `${inPim} Groups`,
    reads: [
      readsAllWith(
        {
          name: "groupEligibilities",
          path: groupSchedules("eligibility"),
          permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
          isOptional: true,
        },
        { schema: GroupSchedule },
        rolesOfGroup,
        (found) => ({ items: found.map((one) => placeItem(one)) }),
      ),
    ],
    declaredBy: {
      PrivilegedAccessGroupEligibilitySchedule: declaredPlace,
    },
  },
  {
    id: "EXO-AUDIT-GROUP-SCHEDULE",
    title: "Place in a group that starts later",
    severity: "high",
    why: "On that day the application becomes a member or owner of the group, with every role that it carries.",
    source: "https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-assignmentschedules",
    otherRemedy: `${inPim} Groups`,
    reads: [
      readsAllWith(
        {
          name: "groupSchedules",
          path: groupSchedules("assignment"),
          permission: "PrivilegedAssignmentSchedule.Read.AzureADGroup",
          isOptional: true,
        },
        { schema: GroupSchedule },
        rolesOfGroup,
        (found, { now }) => ({
          items: found
            .filter(([place]) => isLater(now)(place))
            .map((one) =>
              placeItem(one, ` from ${timeInWords(one[0].scheduleInfo?.startDateTime ?? "later")}`),
            ),
        }),
      ),
    ],
    declaredBy: {
      PrivilegedAccessGroupAssignmentSchedule: declaredPlace,
    },
  },
];

function groupSchedules(kind: "assignment" | "eligibility") {
  return ({ servicePrincipalObjectId }: RuleContext["objects"]): string =>
    `/identityGovernance/privilegedAccess/group/${kind}Schedules?$filter=principalId%20eq%20'${servicePrincipalObjectId}'`;
}

function placeItem(
  [place, held]: readonly [GroupSchedule, readonly RoleAssignment[]],
  from = "",
): ObservedItem {
  const { groupId, accessId } = place;
  const roles = held.map((one) => roleInWords(one)).toSorted();
  const carried = roles.length === 0 ? "" : `, which holds ${roles.join(", ")}`;
  return {
    key: placeKey(groupId, accessId),
    subject: `${placeKey(groupId, accessId)} ${contentHash([timesOf(place), held.map((one) => subjectOfRole(one)).toSorted()])}`,
    found: `${accessId ?? "place"} of the group ${groupId}${from}${carried}`,
  };
}

/** A place in a group: an owner adds members, so that one is not the other. */
function placeKey(groupId: string, accessId: string | null | undefined): string {
  return `${groupId} ${accessId ?? "place"}`;
}

function declaredPlace(
  { wanted }: DeclaringResource,
  { servicePrincipalObjectId }: PublicComponent,
): readonly string[] {
  if (!isSame(wanted["principalId"], servicePrincipalObjectId)) return [];
  return [placeKey(text(wanted["groupId"]), text(wanted["assignmentType"]))];
}

function overTheObjects(found: readonly Schedule[]): Observation {
  return {
    items: found.map((one) => ({
      key: keyOfRole(one),
      subject: subjectOfRole(one, timesOf(one)),
      found: `${roleInWords(one, ` of principal ${one.principalId}`)}${since(one)}`,
    })),
  };
}

function startingLater(found: readonly Schedule[], { now }: RuleContext): Observation {
  return {
    items: found.filter(isLater(now)).map((one) => ({
      key: keyOfRole(one),
      subject: subjectOfRole(one, timesOf(one)),
      found: `${roleInWords(one, ` of principal ${one.principalId}`)}${since(one)}`,
    })),
  };
}

/** How far this machine's clock and Microsoft's may differ: what began just now is no later place. */
const clockSkewMs = 5 * 60_000;

function isLater(now: Date) {
  return ({ scheduleInfo }: Pick<Schedule, "scheduleInfo">): boolean =>
    Date.parse(scheduleInfo?.startDateTime ?? "") > now.getTime() + clockSkewMs;
}

function since({ scheduleInfo }: Schedule): string {
  return scheduleInfo?.startDateTime ? ` from ${timeInWords(scheduleInfo.startDateTime)}` : "";
}
