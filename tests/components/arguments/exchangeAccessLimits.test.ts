import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  resolveExchangeAccess,
  scopeWarnings,
} from "../../../components/arguments/exchangeAccessArguments.ts";

const unit = "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0";
const other = "1b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0";

function resolved(args: object) {
  const problems: string[] = [];
  const access = resolveExchangeAccess(args, (path, text) => problems.push(`\`${path}\` ${text}`));
  return { access, problems };
}

const rolesOf = (...exchangeRoles: readonly object[]) => resolved({ exchangeRoles });

test.each([" Department -eq 'Sales'", "Department -eq 'Sales' ", "x"])(
  "%j is a filter",
  (recipientFilter) => {
    const { access, problems } = rolesOf({ role: "Mail Recipients", recipientFilter });
    expect(problems).toEqual([]);
    expect(access.roles).toStrictEqual([{ role: "Mail Recipients", recipientFilter }]);
  },
);

test("a role over everybody has neither of the limits, and one over a unit has that alone", () => {
  expect(rolesOf({ role: "Mail Recipients" }).access.roles).toStrictEqual([{ role: "Mail Recipients" }]);
  expect(rolesOf({ role: "Mail Recipients", administrativeUnit: unit }).access.roles).toStrictEqual([
    { role: "Mail Recipients", administrativeUnit: unit },
  ]);
});

test("a limit has no effect on a role that begins with View-Only, whichever it is", () => {
  const limits = [{ administrativeUnit: unit }, { recipientFilter: "a -eq 'b'" }];
  const warned = limits.map(
    (limit) => scopeWarnings(rolesOf({ role: "view-only recipients", ...limit }).access).length,
  );
  expect(warned).toEqual([1, 1]);
  const named = rolesOf({ role: "My View-Only Recipients", recipientFilter: "a -eq 'b'" });
  expect(scopeWarnings(named.access)).toEqual([]);
});

test("one role over other recipients is another, and a unit that is known later is nobody's", () => {
  const role = "Mail Recipients";
  const several = [
    [{ recipientFilter: "a -eq 'b'" }, { recipientFilter: "a -eq 'c'" }],
    [{ administrativeUnit: unit }, { administrativeUnit: other }],
    [{ administrativeUnit: pulumi.output(unit) }, { administrativeUnit: pulumi.output(unit) }],
  ];
  for (const limits of several) {
    expect(rolesOf(...limits.map((limit) => ({ role, ...limit }))).problems).toEqual([]);
  }
  expect(rolesOf({ role, administrativeUnit: unit }, { role, administrativeUnit: unit }).problems).toEqual([
    "`exchangeRoles[1]` repeats the role of `exchangeRoles[0]`. Remove one.",
  ]);
});

test("12 role groups are as many as there may be, and a wrong one is none", () => {
  const groups = Array.from({ length: 12 }, (_, index) => `Group ${index}`);
  expect(resolved({ exchangeRoleGroups: groups }).problems).toEqual([]);
  expect(resolved({ exchangeRoleGroups: ["Help Desk", 7] }).access.roleGroups).toEqual(["Help Desk"]);
});
