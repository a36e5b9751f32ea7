import { expect, test } from "vitest";
import type { DeployedGeneration, RotationFacts } from "../../../operations/rotation/decide.ts";
import { planRevocation } from "../../../operations/rotation/planRevocation.ts";

function generation(
  name: string,
  from: number,
  changes: Partial<DeployedGeneration> = {},
): DeployedGeneration {
  return { name, notBefore: from, notAfter: from + 300, madeElsewhere: false, ...changes };
}

function plan(
  declared: string,
  deployed: readonly [DeployedGeneration, ...DeployedGeneration[]],
  stolen: string,
  changes: Partial<RotationFacts> = {},
) {
  const facts = { declared: declared.split(" "), deployed, unfinished: [], currentSince: 0, ...changes };
  const { first, final, replacement } = planRevocation(facts, stolen, 250);
  return [first.join(" "), final.join(" "), replacement];
}

const one = generation("1", 0);
const two = generation("2", 200);

test("the current one: a new generation first, then without the stolen one", () => {
  expect(plan("1", [one], "1")).toEqual(["1 2", "2", "2"]);
});

test("an older one is no replacement, but stays", () => {
  expect(plan("2 1", [two, one], "2")).toEqual(["2 1 3", "3 1", "3"]);
});

test("a newer one is", () => {
  expect(plan("1 2", [one, two], "1")).toEqual(["1 2", "2", "2"]);
});

test("an interrupted revocation goes on with what it began", () => {
  expect(plan("1 2", [one], "1")).toEqual(["1 2", "2", "2"]);
  expect(plan("1 2", [one], "1", { unfinished: ["2"] })).toEqual(["1 2", "2", "2"]);
  expect(plan("2", [one], "1")).toEqual(["2", "2", "2"]);
});

test("not the current one: it goes, nothing has to come", () => {
  expect(plan("2 1", [two, one], "1")).toEqual(["2 1", "2", undefined]);
  expect(plan("1 2", [one, two], "2")).toEqual(["1 2", "1", undefined]);
});

test("an expired one does not stay", () => {
  const expired = generation("1", -100, { notAfter: 240 });
  expect(plan("2 1", [two, expired], "2")).toEqual(["2 1 3", "3", "3"]);
  expect(plan("1 2", [expired, two], "2")).toEqual(["1 2 3", "3", "3"]);
});

test("made elsewhere: what was supplied takes its place, and without it nothing does", () => {
  const foreign = generation("1", 0, { madeElsewhere: true });
  expect(plan("1", [foreign], "1")).toEqual(["1", "", undefined]);
  expect(plan("1 2", [foreign], "1")).toEqual(["1 2", "2", "2"]);
});
