import { expect, test } from "vitest";

import { currentSixth } from "../../../sandbox/faultTable/sixth.ts";

const git =
  (answers: Readonly<Record<string, string>>) =>
  (...args: readonly string[]): string =>
    answers[args.join(" ")] ?? "unexpected";

const full = (commits: number) =>
  git({ "rev-parse --is-shallow-repository": "false", "rev-list --count HEAD": String(commits) });

test("six commits in a row take every cell once", () => {
  const cells = Array.from({ length: 20 }, (_, index) => index);
  const sixths = [100, 101, 102, 103, 104, 105].map((commits) => currentSixth({}, full(commits)));
  expect(sixths.map(({ number, reason }) => [number, reason])).toEqual([
    [5, "100 commits"],
    [6, "101 commits"],
    [1, "102 commits"],
    [2, "103 commits"],
    [3, "104 commits"],
    [4, "105 commits"],
  ]);
  expect(sixths.flatMap((sixth) => cells.filter(sixth.contains)).toSorted((a, b) => a - b)).toEqual(cells);
  expect(cells.filter(currentSixth({}, full(0)).contains)).toEqual([0, 6, 12, 18]);
});

test("a shallow clone goes by its commit's hash", () => {
  const shallow = git({ "rev-parse --is-shallow-repository": "true", "rev-parse HEAD": "0000000a5b" });
  const { number, reason } = currentSixth({}, shallow);
  expect({ number, reason }).toEqual({ number: 5, reason: "commit 0000000a" });
});

test("FAULTS_SIXTH repeats one, and is refused where it is none", () => {
  const { number, reason } = currentSixth({ FAULTS_SIXTH: "3" }, git({}));
  expect({ number, reason }).toEqual({ number: 3, reason: "FAULTS_SIXTH" });
  expect(() => currentSixth({ FAULTS_SIXTH: "7" }, git({}))).toThrow(
    'FAULTS_SIXTH must be a number from 1 to 6, got "7".',
  );
});
