import { expect, test } from "vitest";

import { compareAccess } from "../../../../operations/audit/compareAccess.ts";
import { nothingElse, declared, objects, observedFrom, untouchedBodies } from "../sampleAccess.ts";

const now = new Date("2026-11-23T09:00:00Z");

test.each([
  ["2026-11-23T09:00:00Z", []],
  ["2026-11-23T09:05:00Z", []],
  ["2026-11-23T09:05:01Z", ["EXO-AUDIT-ROLE-SCHEDULE"]],
])("a role from %s on starts later where clocks cannot explain it", async (startDateTime, ids) => {
  const schedule = {
    id: "schedule-1",
    principalId: objects.servicePrincipalObjectId,
    roleDefinitionId: "role-1",
    directoryScopeId: "/",
    scheduleInfo: { startDateTime },
  };
  const { section } = compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed: await observedFrom({ ...untouchedBodies(), roleSchedules: { value: [schedule] } }),
    ...nothingElse,
    graphUrl: "https://graph.microsoft.com",
    now,
  });
  expect(section.findings.map(({ id }) => id)).toEqual(ids);
});
