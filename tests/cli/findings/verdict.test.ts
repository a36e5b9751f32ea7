import { expect, test } from "vitest";
import type { Severity } from "../../../operations/findings/finding.ts";
import type { FailOn } from "../../../cli/findings/verdict.ts";
import { parseFailOn, verdict } from "../../../cli/findings/verdict.ts";
import { cleanReport, sampleFinding } from "./sampleReport.ts";

const [clean] = cleanReport.sections;

test.each<[Severity, FailOn, number]>([
  ["low", "low", 7],
  ["low", "medium", 0],
  ["high", "medium", 7],
  ["high", "critical", 0],
  ["critical", "critical", 7],
  ["critical", "none", 0],
])("%s with --fail-on %s: exit code %i", (severity, failOn, exitCode) => {
  expect(verdict([clean!, { ...clean!, findings: [sampleFinding({ severity })] }], failOn)).toBe(exitCode);
});

test("nothing found: 0", () => {
  expect(verdict([clean!], "low")).toBe(0);
});

test("what could not be read goes before findings, whatever --fail-on says: 1, or 3 where only rights are missing", () => {
  const denied = { check: "check 1", reason: "403", denied: true };
  const broken = { check: "check 1", reason: "503", denied: false };
  const findings = [sampleFinding()];
  expect(verdict([{ ...clean!, findings, unread: [denied] }], "low")).toBe(3);
  expect(
    verdict(
      [
        { ...clean!, unread: [denied] },
        { ...clean!, unread: [broken] },
      ],
      "none",
    ),
  ).toBe(1);
});

test("an unknown severity", () => {
  expect(() => parseFailOn("worst")).toThrow(
    '--fail-on must be one of low, medium, high, critical, none, got "worst".',
  );
});
