import { expect, test } from "vitest";
import { templateIdOf } from "../../../microsoft/roles.ts";
import { shownRole } from "../../../operations/timedRoles/declaredTimedRoles.ts";
import { timedRoleCheck } from "../../../operations/timedRoles/timedRoleFindings.ts";
import { firstEnd, timedRolesStatus } from "../../../operations/timedRoles/timedRoleStatus.ts";
import type { RecordState } from "../../../stack/record.ts";

const administrator = templateIdOf("Exchange Administrator");
const reader = templateIdOf("Global Reader");
const now = new Date("2026-11-28T12:00:00Z");
const until = "2026-12-08T12:00:00Z";

function componentWith(...roles: readonly string[]): { readonly record: RecordState } {
  const timedRoles = roles.map((roleTemplateId) => ({ roleTemplateId, until }));
  const record = { permissions: [], roleTemplateIds: [], userRoles: [], timedRoles };
  return { record: { kind: "known", record } };
}

function stateOf(roleTemplateId: string, end: string | null) {
  return { roleTemplateId, end, name: shownRole(roleTemplateId), until };
}

test("a component without such roles has nothing to tell, read or not", () => {
  expect(timedRolesStatus(componentWith(), undefined, now)).toEqual({});
  expect(timedRolesStatus(componentWith(), { timedRoles: [], unread: [] }, now)).toEqual({});
});

test("each role has its own end in the tenant, and the earlier end counts", () => {
  const timedRoles = [stateOf(reader, null), stateOf(administrator, "2026-12-01T11:59:59Z")];
  expect(timedRolesStatus(componentWith(administrator, reader), { timedRoles, unread: [] }, now)).toEqual({
    timedRoles: [
      { role: "Exchange Administrator", until, daysLeft: 2, held: true, endsAt: "2026-12-01T11:59:59Z" },
      { role: "Global Reader", until, daysLeft: 10, held: true, endsAt: null },
    ],
  });
});

test("a role that the application lacks", () => {
  const granted = { timedRoles: [stateOf(reader, null)], unread: [] };
  expect(timedRolesStatus(componentWith(administrator), granted, now)).toEqual({
    timedRoles: [{ role: "Exchange Administrator", until, daysLeft: 10, held: false }],
  });
});

test("if the tenant was not read, the reason is told", () => {
  const timedRoles = [{ role: "Exchange Administrator", until, daysLeft: 10 }];
  const component = componentWith(administrator);
  expect(timedRolesStatus(component, undefined, now)).toEqual({
    timedRoles,
    timedRolesNotRead: "with --quiet, the tenant is not read",
  });
  const unread = [
    { check: "another", reason: "other", denied: true },
    { check: timedRoleCheck, reason: "denied", denied: true },
  ];
  expect(timedRolesStatus(component, { timedRoles: undefined, unread }, now)).toEqual({
    timedRoles,
    timedRolesNotRead: "denied",
  });
  expect(timedRolesStatus(component, { timedRoles: undefined, unread: [] }, now)).toEqual({ timedRoles });
});

test("what was read is not called unread", () => {
  const unread = [{ check: timedRoleCheck, reason: "denied", denied: true }];
  expect(timedRolesStatus(componentWith(administrator), { timedRoles: [], unread }, now)).toEqual({
    timedRoles: [{ role: "Exchange Administrator", until, daysLeft: 10, held: false }],
  });
});

test("the first end is the earliest of all, in the program or in the tenant", () => {
  const role = { role: "x", until, daysLeft: 1 };
  const ends = [role, { ...role, endsAt: null }, { ...role, endsAt: "2026-12-01T00:00:00Z" }];
  expect(firstEnd({})).toBe(Infinity);
  expect(firstEnd({ timedRoles: ends.slice(0, 2) })).toBe(Date.parse(until));
  expect(firstEnd({ timedRoles: ends })).toBe(Date.parse("2026-12-01T00:00:00Z"));
});
