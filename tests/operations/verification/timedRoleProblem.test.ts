import { expect, test } from "vitest";
import type { Problem } from "../../../operations/verification/problem.ts";
import { timedRoleProblem } from "../../../operations/verification/timedRoleProblem.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";

const now = new Date("2026-11-28T12:00:00Z");
const problem: Problem = {
  cause: "roleMissing",
  message: "No role.",
  remedy: "Assign one.",
  passing: true,
};
const ended = { roleTemplateId: templateIdOf("Global Reader"), until: "2026-11-01T00:00:00Z" };
const running = { roleTemplateId: templateIdOf("Exchange Administrator"), until: "2027-01-31T00:00:00Z" };

test("a role that runs is what grant gives", () => {
  expect(timedRoleProblem(problem, [ended, running], now)).toEqual({
    ...problem,
    remedy:
      'The component declares "Exchange Administrator" until 2027-01-31 00:00 UTC. Run `exo-auth grant --yes`. If that has run, wait longer with --wait.',
  });
});

test("roles that have ended are why, and no wait brings them back", () => {
  expect(timedRoleProblem(problem, [ended], now)).toEqual({
    cause: "roleMissing",
    message: 'No role. Its declared roles have ended: "Global Reader" at 2026-11-01 00:00 UTC.',
    remedy:
      "If the job still needs the role, set a later `until` in `timedRoles`, and run `pulumi up` and `exo-auth grant --yes`.",
    passing: false,
  });
});

test("without such roles, and for another problem, nothing changes", () => {
  const other: Problem = { ...problem, cause: "consentMissing" };
  expect(timedRoleProblem(problem, [], now)).toBe(problem);
  expect(timedRoleProblem(other, [running], now)).toBe(other);
  expect(timedRoleProblem(other, [ended], now)).toBe(other);
});
