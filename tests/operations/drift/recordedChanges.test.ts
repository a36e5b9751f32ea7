import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import * as v from "valibot";

import { driftSections } from "../../../operations/drift/driftSections.ts";
import { parsePlan } from "../../../stack/plan.ts";
import { driftChanges } from "../../engine/driftChanges.ts";

const Recording = v.object({ time: v.string(), madeWith: v.string(), plan: v.unknown() });

// What Pulumi printed after each change, recorded by scripts/recordDrift.ts.
test.each(driftChanges)("$name is found alone in a recording", ({ name, finding }) => {
  const file = new URL(`../../fixtures/drift/${name.replaceAll(" ", "-")}.json`, import.meta.url);
  const { time, plan } = v.parse(Recording, JSON.parse(readFileSync(file, "utf8")));
  const [section, ...others] = driftSections(parsePlan(JSON.stringify(plan))!, new Date(time));
  expect(others).toEqual([]);
  expect({
    findings: section?.findings.map(({ id, subject, found }) => [id, subject, found]),
    unread: section?.unread,
  }).toEqual({ findings: [finding], unread: [] });
});
