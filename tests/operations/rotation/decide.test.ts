import { expect, test } from "vitest";
import {
  decide,
  type DeployedGeneration,
  isOutdated,
  nextName,
  type RotationFacts,
} from "../../../operations/rotation/decide.ts";
import { rotationDue } from "../../../operations/rotation/schedule.ts";

const day = 86_400_000;
const begin = Date.parse("2026-01-01T00:00:00Z");
const settings = { spreadKey: "exchange-auth/contoso", overlapMs: 7 * day };

/** A generation that begins on a day of 2026 and lasts 300 days, so that its successor is due on day 175 to 200. */
function generation(
  name: string,
  from: number,
  changes: Partial<DeployedGeneration> = {},
): DeployedGeneration {
  const notBefore = begin + from * day;
  return { name, notBefore, notAfter: notBefore + 300 * day, madeElsewhere: false, ...changes };
}

function facts(
  declared: string,
  deployed: readonly [DeployedGeneration, ...DeployedGeneration[]],
  changes: Partial<RotationFacts> = {},
): RotationFacts {
  const names = declared === "" ? [] : declared.split(" ");
  return { declared: names, deployed, unfinished: [], currentSince: deployed[0].notBefore, ...changes };
}

function step(known: RotationFacts, onDay: number): [string, string, string] {
  const { step: kind, generations, target } = decide(known, settings, begin + onDay * day);
  return [kind, generations.join(" "), target.join(" ")];
}

const first = generation("1", 0);
const second = generation("2", 200);

test("one generation: nothing, then a second at the end of the list", () => {
  expect(step(facts("1", [first]), 170)).toEqual(["none", "", "1"]);
  expect(step(facts("1", [first]), 201)).toEqual(["add", "2", "1 2"]);
  expect(decide(facts("1", [first]), settings, begin + 201 * day).reason).toMatch(
    /^Generation "1" ends at 2026-10-28 00:00 UTC. Its successor has been due since 2026-07-\d\d \d\d:\d\d UTC\.$/,
  );
});

test("what is next, and when, is said while nothing is due", () => {
  const one = decide(facts("1", [first]), settings, begin);
  expect(one.next).toEqual({ step: "add", at: expect.stringMatching(/^2026-07-/) });
  const both = facts("2 1", [second, first], { currentSince: begin + 201 * day });
  expect(decide(both, settings, begin + 202 * day).next).toEqual({
    step: "remove",
    at: "2026-07-28T00:00:00Z",
  });
});

test("the second is up: it is made the current one", () => {
  expect(step(facts("1 2", [first, second]), 201)).toEqual(["makeCurrent", "2", "2 1"]);
});

test("the second is current: the first goes when the overlap is over, not a moment before", () => {
  const both = facts("2 1", [second, first], { currentSince: begin + 201 * day });
  expect(step(both, 207.999)).toEqual(["none", "", "2 1"]);
  expect(step(both, 208)).toEqual(["remove", "1", "2"]);
});

test("every superseded generation goes at once", () => {
  const three = facts("3 2 1", [generation("3", 250), second, first], { currentSince: begin + 251 * day });
  expect(step(three, 258)).toEqual(["remove", "2 1", "3"]);
});

test("the third is due while the first still overlaps: it is added at the end", () => {
  const short = { ...settings, renewBeforeMs: 299 * day };
  const both = facts("2 1", [second, first], { currentSince: begin + 201 * day });
  expect(decide(both, short, begin + 203 * day)).toMatchObject({ step: "add", target: ["2", "1", "3"] });
});

test("an update that was killed is brought to its end", () => {
  expect(step(facts("1 2", [first]), 201)).toEqual(["update", "", "1 2"]);
  expect(step(facts("1 2", [first], { unfinished: ["2"] }), 201)).toEqual(["update", "", "1 2"]);
  expect(step(facts("2", [second, first]), 209)).toEqual(["update", "", "2"]);
  expect(step(facts("1", [first], { unfinished: ["2"] }), 201)).toEqual(["update", "", "1"]);
});

test("what was never signed in with does not become the current one, whatever the list says", () => {
  expect(step(facts("2 1", [first]), 201)).toEqual(["update", "", "1 2"]);
});

test("an edit that waits for its update is the same step again", () => {
  expect(step(facts("2 1", [first, second]), 202)).toEqual(["makeCurrent", "2", "2 1"]);
});

test("an older commit's order is put right, its missing current generation is refused", () => {
  expect(step(facts("1 2", [second, first]), 202)).toEqual(["update", "", "2 1"]);
  expect(step(facts("1", [second, first]), 202)).toEqual(["outdated", "2", "1"]);
  expect(step(facts("1", [second]), 300)).toEqual(["outdated", "2", "1"]);
  expect(decide(facts("1", [second]), settings, begin + 300 * day).reason).toBe(
    'The configuration lists "1", but the last update made "2" the current generation, and an update would remove it.',
  );
});

test("after [2], [1] is refused, unless 2 expired", () => {
  expect(isOutdated(["1"], second, second.notAfter - 1)).toBe(true);
  expect(isOutdated(["1"], second, second.notAfter)).toBe(false);
  expect(isOutdated(["1", "2"], second, begin)).toBe(false);
  expect(isOutdated([], second, begin)).toBe(true);
});

test("expired and alone: replaced in one update", () => {
  expect(step(facts("1", [first]), 300)).toEqual(["replaceExpired", "2", "2"]);
  expect(step(facts("1 2", [first]), 300)).toEqual(["replaceExpired", "2", "2"]);
  expect(step(facts("2", [first]), 300)).toEqual(["update", "", "2"]);
});

test("expired beside one that is valid: that one is signed in with and takes over, and no update keeps the expired one", () => {
  expect(step(facts("1 2", [first, second]), 300)).toEqual(["makeCurrent", "2", "2"]);
  expect(step(facts("2 1", [second, first], { currentSince: begin + 299.5 * day }), 300)).toEqual([
    "remove",
    "1",
    "2",
  ]);
});

test("a certificate made elsewhere: its successor is made there too", () => {
  const foreign = generation("1", 0, { madeElsewhere: true });
  expect(step(facts("1", [foreign]), 201)).toEqual(["supply", "2", "1 2"]);
  expect(step(facts("1", [foreign]), 300)).toEqual(["supply", "2", "2"]);
  expect(step(facts("2 1", [second, foreign]), 208)).toEqual(["remove", "1", "2"]);
});

test("of two made elsewhere, the one that ends later is the successor, whenever it was made", () => {
  const foreign = generation("a", 10, { madeElsewhere: true });
  const older = generation("b", 0, { madeElsewhere: true, notAfter: foreign.notAfter + day });
  expect(step(facts("a b", [foreign, older]), 100)).toEqual(["makeCurrent", "b", "b a"]);
  expect(step(facts("b a", [older, foreign]), 100)).toEqual(["remove", "a", "b"]);
});

test("a certificate that is not valid yet waits for its time, and is not taken for an old one", () => {
  const later = generation("2", 210);
  const both = facts("1 2", [first, later]);
  expect(step(both, 205)).toEqual(["none", "", "1 2"]);
  expect(decide(both, settings, begin + 205 * day).next).toEqual({
    step: "makeCurrent",
    at: "2026-07-30T00:00:00Z",
  });
  expect(step(both, 210)).toEqual(["makeCurrent", "2", "2 1"]);
});

test("names go on from the largest number", () => {
  expect(nextName(["1"])).toBe("2");
  expect(nextName(["9", "10"])).toBe("11");
  expect(nextName(["blue"])).toBe("1");
  expect(nextName(["2026-11", "3"])).toBe("4");
});

test("a successor is due at its time, not a moment before", () => {
  const due = rotationDue(first, settings.spreadKey);
  expect(decide(facts("1", [first]), settings, due).step).toBe("add");
  expect(decide(facts("1", [first]), settings, due - 1)).toMatchObject({
    step: "none",
    next: { step: "add" },
  });
});

test("an update that is missing says what the settings list, or what it did not finish", () => {
  expect(decide(facts("1 2", [first]), settings, begin + 201 * day).reason).toBe(
    'The configuration lists "1", "2", but the last update left "1".',
  );
  expect(decide(facts("1 2", [first], { unfinished: ["2"] }), settings, begin + 201 * day).reason).toBe(
    'The last update did not finish "2".',
  );
});

test("every expired one leaves in the update that makes another the current one", () => {
  const older = generation("0", -10);
  expect(step(facts("1 0 2", [first, older, second]), 300)).toEqual(["makeCurrent", "2", "2"]);
});

test("an expired one gives way to one that is valid from now on, and to one that is not valid yet by an update alone", () => {
  expect(step(facts("1 2", [first, generation("2", 300)]), 300)).toEqual(["makeCurrent", "2", "2"]);
  expect(step(facts("1 2", [first, generation("2", 310)]), 300)).toEqual(["replaceExpired", "2", "2"]);
});

test("of several newer ones, the newest becomes the current one, in whatever order they are listed", () => {
  const third = generation("3", 250);
  expect(step(facts("1 2 3", [first, second, third]), 260)).toEqual(["makeCurrent", "3", "3 1 2"]);
  expect(step(facts("1 3 2", [first, third, second]), 260)).toEqual(["makeCurrent", "3", "3 1 2"]);
});

test.each([false, true])(
  "a later beginning succeeds a later end, unless both are made elsewhere (%j)",
  (elsewhere) => {
    const long = generation("1", 0, { notAfter: begin + 900 * day });
    const shorter = generation("2", 100, { madeElsewhere: elsewhere });
    expect(step(facts("1 2", [long, shorter]), 101)).toEqual(["makeCurrent", "2", "2 1"]);
  },
);

test("the next name is one that no generation of the state has", () => {
  expect(step(facts("1", [first, generation("5", 10)]), 300)).toEqual(["replaceExpired", "6", "6"]);
});

test("a configuration without generations: the update that removes the last one waits, and nothing joins", () => {
  const { step: kind, target, reason } = decide(facts("", [first]), settings, begin + 250 * day);
  expect({ kind, target, reason }).toEqual({
    kind: "none",
    target: [],
    reason:
      'The configuration lists no generation, so the next `pulumi up` removes "1", the last certificate.',
  });
});
