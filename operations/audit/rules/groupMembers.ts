import * as v from "valibot";
import type { GraphRead } from "../../../graph/graphClient.ts";
import { all, quoted, withEach } from "../../../graph/graphClient.ts";
import { NamedObject, Reference, RoleAssignment } from "../../../graph/objects.ts";
import type { AuditRule, Observation, RuleRead } from "../rule.ts";
import { readsEach } from "../rule.ts";
import { text, texts } from "../stateValues.ts";
import { overObject } from "./parts.ts";

/** Most tenants have no such role, so this right is missed first. EXO-AUDIT-ROLE-GROUP names the one for groups. */
const permission = "RoleManagement.Read.Directory";

/** How somebody is in a group: an owner makes members. */
type Place = "member" | "owner";

/** Where roles over the two objects are listed. */
const parts = [
  ["rolesOverApplication", overObject("roleAssignments", "applicationObjectId")],
  ["rolesOverServicePrincipal", overObject("roleAssignments", "servicePrincipalObjectId")],
  ["eligibilitiesOverApplication", overObject("roleEligibilitySchedules", "applicationObjectId")],
  ["eligibilitiesOverServicePrincipal", overObject("roleEligibilitySchedules", "servicePrincipalObjectId")],
] as const;

/** Who gets a role over the application from a group, whoever gave the role to the group. */
export const groupMemberRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-SCOPED-ROLE-MEMBER",
    title: "Place in a group with a role over the application",
    severity: "high",
    why: "It lets somebody add credentials, and then sign in as the application.",
    source: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
    reads: parts.flatMap(([name, path]) => [
      readsPlaces(name, path, "member"),
      readsPlaces(name, path, "owner"),
      readsEligible(name, path),
    ]),
    otherRemedy: "take them out of the group, take the role from the group, or accept them in .exo-auth",
    declaredBy: {
      GroupMember: ({ wanted }) => [
        placeKey(text(wanted["groupObjectId"]), "member", text(wanted["memberObjectId"])),
      ],
      Group: ({ state, wanted }) => {
        const group = text(state["objectId"]);
        return [
          ...texts(wanted["members"]).map((id) => placeKey(group, "member", id)),
          ...texts(wanted["owners"]).map((id) => placeKey(group, "owner", id)),
        ];
      },
      PrivilegedAccessGroupAssignmentSchedule: ({ wanted }) => [
        placeKey(text(wanted["groupId"]), text(wanted["assignmentType"]), text(wanted["principalId"])),
      ],
      PrivilegedAccessGroupEligibilitySchedule: ({ wanted }) => [
        placeKey(
          text(wanted["groupId"]),
          `eligible ${text(wanted["assignmentType"])}`,
          text(wanted["principalId"]),
        ),
      ],
    },
  },
];

const Eligibility = v.object({ principalId: Reference, accessId: v.nullish(v.string(), "member") });

type Group = readonly [NamedObject, readonly NamedObject[]];

function readsPlaces(name: string, path: RuleRead["path"], place: Place): RuleRead {
  return readsEach(
    { name, path, permission },
    { schema: RoleAssignment },
    ({ principalId }) => groupOf(principalId, place),
    (found) =>
      placesIn(
        found.flatMap(([, groups]) => groups),
        place,
      ),
  );
}

/** Those who can make themselves members or owners (PIM for Groups). */
function readsEligible(name: string, path: RuleRead["path"]): RuleRead {
  return readsEach(
    { name, path, permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup", isOptional: true },
    { schema: RoleAssignment },
    ({ principalId }) =>
      withEach(groupWith(principalId), ({ id }) =>
        all(
          `/identityGovernance/privilegedAccess/group/eligibilitySchedules?$filter=groupId%20eq%20${quoted(id)}`,
          Eligibility,
        ),
      ),
    (found) => ({
      items: found
        .flatMap(([, carrying]) => carrying)
        .flatMap(([group, places]) =>
          places.map(({ principalId, accessId }) => ({
            key: placeKey(group.id, `eligible ${accessId}`, principalId),
            found: `principal ${principalId}, who can become ${accessId} of ${inWords(group)}`,
          })),
        ),
    }),
  );
}

/** A principal's group with those who are in it; none where the principal is no group. */
function groupOf(principalId: string, place: Place): GraphRead<readonly Group[]> {
  const list = place === "member" ? "transitiveMembers" : "owners";
  return withEach(groupWith(principalId), ({ id }) =>
    all(`/groups/${id}/${list}?$select=id,displayName`, NamedObject),
  );
}

/** The group that a principal is; empty where it is none. */
function groupWith(principalId: string): GraphRead<readonly NamedObject[]> {
  return all(`/groups?$filter=id%20eq%20${quoted(principalId)}&$select=id,displayName`, NamedObject);
}

function placesIn(carrying: readonly Group[], place: Place): Observation {
  return {
    items: carrying.flatMap(([group, found]) =>
      found.map(({ id, displayName }) => ({
        key: placeKey(group.id, place, id),
        found: `${displayName ?? "somebody"}, object ID ${id}, ${place} of ${inWords(group)}`,
      })),
    ),
  };
}

function inWords({ id, displayName }: NamedObject): string {
  return `group "${displayName ?? "unnamed"}", object ID ${id}`;
}

function placeKey(groupId: string, place: string, id: string): string {
  return `${groupId} ${place} ${id}`;
}
