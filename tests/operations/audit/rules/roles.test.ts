import { expect, test } from "vitest";
import { auditSample, furtherBody, rolesAddress } from "../sampleAccess.ts";

const administrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

test.each([
  ["Jobs", "Jobs"],
  [null, "unnamed"],
])("a role of a group is told with the group's name, %s", async (displayName, name) => {
  const group = { "@odata.type": "#microsoft.graph.group", id: "group-9", isAssignableToRole: true };
  const held = {
    id: "held",
    principalId: group.id,
    roleDefinitionId: administrator,
    directoryScopeId: "/",
  };
  const { section } = await auditSample(
    { memberships: { value: [{ ...group, displayName }] } },
    {},
    async (url) => (url === rolesAddress(group.id) ? { value: [held] } : furtherBody(url)),
  );
  expect(section.findings.filter(({ id }) => id === "EXO-AUDIT-ROLE").map(({ found }) => found)).toEqual([
    `Exchange Administrator over the whole tenant, through group "${name}", object ID group-9`,
  ]);
});
