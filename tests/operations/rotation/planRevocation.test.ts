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
  const { first, final, replacement } = planRevocation(facts, stolen.split(" "), 250);
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

const three = generation("3", 240);

test("the others stay, the current one in front, but for an expired one", () => {
  expect(plan("2 3 1", [three, two, one], "1")).toEqual(["2 3 1", "3 2", undefined]);
  const expired = generation("1", -50);
  expect(expired.notAfter).toBe(250);
  expect(plan("3 2 1", [three, two, expired], "2")).toEqual(["3 2 1", "3", undefined]);
});

test("a newer one, or one of the same age, is a replacement beside an older one", () => {
  expect(plan("2 1 3", [two, one, three], "2")).toEqual(["2 1 3", "3 1", "3"]);
  expect(plan("2 b", [two, generation("b", 200)], "2")).toEqual(["2 b", "b", "b"]);
});

test("a new one has a name that no generation of the state has", () => {
  expect(plan("1", [one, generation("7", 10)], "1")).toEqual(["1 8", "8", "8"]);
});

test("nothing has to be supplied where the stolen one is not the current one", () => {
  const facts = { declared: ["2", "1"], unfinished: [], currentSince: 0 };
  const foreign = generation("2", 200, { madeElsewhere: true });
  expect(planRevocation({ ...facts, deployed: [foreign, one] }, ["1"], 250).supply).toBe(false);
  expect(planRevocation({ ...facts, deployed: [foreign, one] }, ["2"], 250).supply).toBe(true);
});

test("those with the stolen one's key are no replacement, and leave with it", () => {
  expect(plan("1 2", [one, two], "1 2")).toEqual(["1 2 3", "3", "3"]);
  expect(plan("1 2 3", [one, two, generation("3", 210)], "2 1")).toEqual(["1 2 3", "3", "3"]);
});
