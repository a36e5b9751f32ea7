import { expect, test } from "vitest";
import { templateIdOf } from "../../../microsoft/roles.ts";
import {
  compareTimedRoles,
  type TimedRoleComparison,
} from "../../../operations/timedRoles/timedRoleFindings.ts";

const administrator = templateIdOf("Exchange Administrator");
const reader = templateIdOf("Global Reader");
const now = Date.parse("2026-11-28T12:00:00Z");
const until = "2027-01-31T00:00:00Z";
const declared = [
  { roleTemplateId: reader, until: "2027-06-30T00:00:00Z" },
  { roleTemplateId: administrator, until },
];
const held = { roleTemplateId: reader, end: "2027-06-30T00:00:00Z" };

const missing = "EXO-AUDIT-TIMED-ROLE-MISSING";
const changed = "EXO-AUDIT-TIMED-ROLE-CHANGED";

function findings(
  observed: TimedRoleComparison["observed"],
  limits?: TimedRoleComparison["limits"],
): unknown {
  return compareTimedRoles({ declared, observed, limits, now }).map((one) => [
    one.id,
    one.subject,
    one.found,
    one.declared,
  ]);
}

function finding(id: string, found: string, end = ""): unknown {
  return [id, `Entra: Exchange Administrator${end}`, found, "until 2027-01-31 00:00 UTC"];
}

test.each<[string, string | undefined, ReadonlyMap<string, string> | undefined, unknown[]]>([
  ["ends as declared", until, new Map(), []],
  ["ends earlier", "2026-12-24T00:00:00Z", new Map(), [finding(missing, "until 2026-12-24 00:00 UTC")]],
  ["ends earlier, and nobody may read how long it may last", "2026-12-24T00:00:00Z", undefined, []],
  [
    "ends later",
    "2027-02-01T00:00:00Z",
    new Map(),
    [finding(changed, "until 2027-02-01 00:00 UTC", " 2027-02-01T00:00:00Z")],
  ],
  [
    "ends later, and nobody may read how long it may last",
    "2027-02-01T00:00:00Z",
    undefined,
    [finding(changed, "until 2027-02-01 00:00 UTC", " 2027-02-01T00:00:00Z")],
  ],
  ["does not end", undefined, undefined, [finding(changed, "without an end", " without an end")]],
])("a role that %s", (_, end, limits, wanted) => {
  const role = { roleTemplateId: administrator, ...(end !== undefined && { end }) };
  expect(findings([held, role], limits)).toEqual(wanted);
});

test("a role that the application lacks is missing, whether limits are read or not", () => {
  const wanted = [finding(missing, "none")];
  expect(findings([held], new Map())).toEqual(wanted);
  expect(findings([held])).toEqual(wanted);
});

test("a role that nobody declares until a time is not its matter", () => {
  const other = { roleTemplateId: templateIdOf("Security Reader") };
  expect(findings([held, { roleTemplateId: administrator, end: until }, other], new Map())).toEqual([]);
});

test("a role whose end has passed and that is still there lasts longer than declared", () => {
  const past = [{ roleTemplateId: administrator, until: "2026-11-01T00:00:00Z" }];
  const observed = [{ roleTemplateId: administrator, end: "2026-12-01T00:00:00Z" }];
  expect(compareTimedRoles({ declared: past, observed, limits: undefined, now })).toMatchObject([
    { id: changed, found: "until 2026-12-01 00:00 UTC", declared: "until 2026-11-01 00:00 UTC" },
  ]);
});
