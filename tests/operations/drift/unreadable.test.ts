import { expect, test } from "vitest";

import { failedReads } from "../../../operations/drift/unreadable.ts";
import { parsePlan } from "../../../stack/plan.ts";

const urn = "urn:pulumi:s::p::a:index/b:B::c";
const steps = [
  { op: "refresh", urn },
  { op: "refresh", urn: `${urn}2` },
];

function reads(plan: object): unknown {
  return failedReads(parsePlan(JSON.stringify({ steps, ...plan }))!);
}

test("resources that nobody counted are not told of where nothing failed", () => {
  expect(reads({ changeSummary: { same: 1 } })).toEqual([]);
});

test("a reason stands in one line, and the rest was not tried", () => {
  const diagnostics = [{ urn, message: "error: reading:\n\n    first  \t line", severity: "error" }];
  expect(reads({ diagnostics })).toEqual([
    { urn, reason: "reading: first line" },
    { urn: undefined, reason: "1 more were not tried after that." },
  ]);
  expect(reads({ diagnostics, changeSummary: { same: 1 } })).toEqual([
    { urn, reason: "reading: first line" },
  ]);
});
