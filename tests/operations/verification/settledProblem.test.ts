import { expect, test } from "vitest";
import type { Problem } from "../../../operations/verification/problem.ts";
import { settledProblem } from "../../../operations/verification/settledProblem.ts";

const missing: Problem = {
  cause: "applicationMissing",
  message: "Tenant TENANT has no application CLIENT (AADSTS700016).",
  remedy: "Wait.",
  passing: true,
};
const deployedAt = "2026-11-23T08:00:00Z";

test("long after the deployment, what is missing is deleted, and no wait brings it back", () => {
  expect(settledProblem(missing, deployedAt, new Date("2026-11-23T08:30:01Z"))).toEqual({
    ...missing,
    passing: false,
    remedy:
      'It was deleted: the stack\'s last update ended at 2026-11-23 08:00 UTC, so every server knows what it created. See docs/recovery.md, "The application was deleted".',
  });
});

test("right after it, without a date, and for any other cause, it stays as it is", () => {
  expect(settledProblem(missing, deployedAt, new Date("2026-11-23T08:30:00Z"))).toBe(missing);
  expect(settledProblem(missing, undefined, new Date("2027-01-01T00:00:00Z"))).toBe(missing);
  const refused: Problem = { ...missing, cause: "certificateNotAccepted" };
  expect(settledProblem(refused, deployedAt, new Date("2027-01-01T00:00:00Z"))).toBe(refused);
});
