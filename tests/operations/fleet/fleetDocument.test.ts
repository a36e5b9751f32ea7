import { expect, test } from "vitest";
import { foundSections } from "../../../operations/fleet/fleetDocument.ts";
import { cleanSection, failedDocument, sampleDocument } from "../../cli/fleetSample.ts";

test("a check found what each of its parts found, and nothing where it failed", () => {
  const [drift, audit, policies] = ["drift", "audit", "policies"].map((name) => ({ ...cleanSection, name }));
  const all = { drift: [drift!], audit: [audit!], policies: [policies!] };
  expect(foundSections(sampleDocument("a", all))).toEqual([drift, audit, policies]);
  const { drift: _, ...withoutDrift } = sampleDocument("a", all).result!;
  expect(foundSections({ result: withoutDrift })).toEqual([audit, policies]);
  expect(foundSections(failedDocument("a"))).toEqual([]);
});
