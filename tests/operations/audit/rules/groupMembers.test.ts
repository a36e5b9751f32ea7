import { expect, test } from "vitest";
import {
  auditSample,
  beside,
  declared,
  furtherBody,
  groupAddress,
  objects,
  observedFrom,
  type PartName,
  refusal,
  refused,
  untouchedBodies,
} from "../sampleAccess.ts";

const group = "group-over";
const cloudApplicationAdministrator = "158c047a-c907-4556-b7ef-446551a6b5f7";
const over = {
  id: "assignment-9",
  principalId: group,
  roleDefinitionId: cloudApplicationAdministrator,
  directoryScopeId: `/${objects.applicationObjectId}`,
};

const lists: Readonly<Record<string, readonly object[]>> = {
  [groupAddress(group)]: [{ id: group, displayName: "Helpers" }],
  [`/v1.0/groups/${group}/transitiveMembers?$select=id,displayName`]: [
    { id: "mona", displayName: "Mona" },
    { id: "nested", displayName: null },
  ],
  [`/v1.0/groups/${group}/owners?$select=id,displayName`]: [{ id: "olga", displayName: "Olga" }],
  [`/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules?$filter=groupId%20eq%20'${group}'`]:
    [{ principalId: "paul", accessId: "owner" }],
};

async function follow(url: string): Promise<unknown> {
  return url in lists ? { value: lists[url] } : furtherBody(url);
}

/** What is found of a group's people where the group holds a role over the application, whoever gave it. */
async function people(part: PartName, sample = declared()): Promise<readonly (readonly string[])[]> {
  const { section, removals } = await auditSample(
    { [part]: { value: [over] } },
    { declared: sample },
    follow,
  );
  expect(removals.size).toBeLessThanOrEqual(1);
  return section.findings
    .filter(({ id }) => id === "EXO-AUDIT-SCOPED-ROLE-MEMBER")
    .map(({ subject, found }) => [subject, found]);
}

test.each<[PartName]>([
  ["rolesOverApplication"],
  ["rolesOverServicePrincipal"],
  ["eligibilitiesOverApplication"],
  ["eligibilitiesOverServicePrincipal"],
])("who is in a group of %s is found one by one", async (part) => {
  expect(await people(part)).toEqual([
    [
      `${group} eligible owner paul`,
      `principal paul, who can become owner of group "Helpers", object ID ${group}`,
    ],
    [`${group} member mona`, `Mona, object ID mona, member of group "Helpers", object ID ${group}`],
    [`${group} member nested`, `somebody, object ID nested, member of group "Helpers", object ID ${group}`],
    [`${group} owner olga`, `Olga, object ID olga, owner of group "Helpers", object ID ${group}`],
  ]);
});

test("whom the stack puts into the group is declared", async () => {
  const sample = declared(
    beside("azuread:index/groupMember:GroupMember", { groupObjectId: group, memberObjectId: "Nested" }),
    beside("azuread:index/group:Group", { objectId: group, owners: ["olga"] }),
    beside(
      "azuread:index/privilegedAccessGroupEligibilitySchedule:PrivilegedAccessGroupEligibilitySchedule",
      {
        groupId: group,
        principalId: "paul",
        assignmentType: "owner",
      },
    ),
  );
  expect((await people("rolesOverApplication", sample)).map(([subject]) => subject)).toEqual([
    `${group} member mona`,
  ]);
});

test("who may not read roles is told so, and who may not read PIM's places, too", async () => {
  const observed = await observedFrom(untouchedBodies());
  const denied = refused(observed, "rolesOverApplication", refusal(403, "Authorization_RequestDenied"));
  const { section } = await auditSample({}, { observed: denied });
  expect(
    section.unread
      .filter(({ check }) => check.startsWith("Place in a group with"))
      .map(({ reason, optional }) => [/permission (\S+)/.exec(reason)?.[1], optional]),
  ).toEqual([
    ["RoleManagement.Read.Directory", undefined],
    ["PrivilegedEligibilitySchedule.Read.AzureADGroup", true],
  ]);
});
