import { expect, test } from "vitest";
import { templateIdOf } from "../../../microsoft/roles.ts";
import {
  lastingRolesOf,
  runningRoles,
  shownRole,
  timedRolesOf,
} from "../../../operations/timedRoles/declaredTimedRoles.ts";
import type { RecordState } from "../../../stack/record.ts";

const timedRoles = [{ roleTemplateId: "timed", until: "2027-01-31T00:00:00Z" }];
const record = { permissions: [], roleTemplateIds: ["lasting"], userRoles: [], timedRoles };
const known: RecordState = { kind: "known", record };

test("a record has roles with an end, and roles without one", () => {
  expect(timedRolesOf(known)).toEqual(timedRoles);
  expect(lastingRolesOf({ record: known })).toEqual(["lasting"]);
});

test.each<RecordState>([
  { kind: "beforeUpgrade" },
  { kind: "unknown", missing: "everything" },
  { kind: "sealed", property: "roleTemplateIds" },
])("nobody knows any of a record that is $kind", (state) => {
  expect([timedRolesOf(state), lastingRolesOf({ record: state })]).toEqual([[], []]);
});

test("a role runs until its end, and not at it", () => {
  const end = Date.parse("2027-01-31T00:00:00Z");
  expect(runningRoles(timedRoles, end - 1)).toEqual(timedRoles);
  expect(runningRoles(timedRoles, end)).toEqual([]);
});

test("a role is shown by its name, or by its ID", () => {
  expect(shownRole(templateIdOf("Global Reader"))).toBe("Global Reader");
  expect(shownRole("x")).toBe("role x");
});
