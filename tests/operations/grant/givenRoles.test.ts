import { expect, test } from "vitest";
import { hasSteps, isLeftOpen } from "../../../operations/grant/givenRoles.ts";
import type { ServiceGrant } from "../../../operations/grant/serviceGrant.ts";
import type { TimedRoleGrant } from "../../../operations/timedRoles/grantTimedRoles.ts";

const timedStep = { title: "give a role", action: "adminAssign", roleDefinitionId: "role" } as const;
const step: ServiceGrant["steps"][number] = {
  title: "make a group",
  cmdlet: "New-RoleGroup",
  parameters: {},
};
const settled: ServiceGrant = {
  component: "exchange",
  service: "exchangeOnline",
  steps: [],
  pending: [],
  notes: [],
};
const timed: TimedRoleGrant = { component: "exchange", steps: [], pending: [], notes: [] };

test.each<[string, ServiceGrant | TimedRoleGrant, boolean]>([
  ["nothing to do in Exchange", settled, false],
  ["a change in Exchange", { ...settled, steps: [step] }, true],
  ["nothing to do in Entra", timed, false],
  ["a change in Entra", { ...timed, steps: [timedStep] }, true],
  ["nothing to do in the state", { ...timed, state: [] }, false],
  ["a change in the state alone", { ...timed, state: ["urn"] }, true],
])("%s", (_, one, wanted) => {
  expect(hasSteps(one)).toBe(wanted);
});

test.each<[string, boolean, ServiceGrant[], TimedRoleGrant[], boolean]>([
  ["shown: nothing", false, [settled], [timed], false],
  ["shown: one change among others", false, [settled, { ...settled, steps: [step] }], [timed], true],
  ["shown: a change in Entra", false, [settled], [{ ...timed, steps: [timedStep] }], true],
  ["made, and seen", true, [{ ...settled, steps: [step] }], [{ ...timed, steps: [timedStep] }], false],
  ["made, and not seen yet", true, [settled, { ...settled, steps: [step], pending: [step] }], [timed], true],
  ["made in Entra, and not seen yet", true, [settled], [{ ...timed, pending: [timedStep] }], true],
])("is something left open: %s", (_, applied, grants, timedRoles, wanted) => {
  expect(isLeftOpen({ remove: false, applied, grants, timedRoles })).toBe(wanted);
});
