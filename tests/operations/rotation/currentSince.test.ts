import { expect, test } from "vitest";
import { currentSince } from "../../../operations/rotation/currentSince.ts";
import { parseHistory } from "../../../stack/history.ts";

const key = "exchange-auth:certificate";

interface Update {
  readonly names?: readonly string[];
  readonly day: number;
  readonly kind?: string;
  readonly result?: string;
}

/** As Pulumi prints it, newest first; without names, where the setting is not set. */
function history(...updates: readonly Update[]) {
  return parseHistory(
    updates.map(({ names, day, kind = "update", result = "succeeded" }) => ({
      version: day,
      kind,
      result,
      endTime: `2026-11-${day}T10:00:00.000Z`,
      config: names
        ? {
            [key]: {
              value: "…",
              secret: false,
              objectValue: { generations: names.map((name) => ({ name })) },
            },
          }
        : {},
    })),
  );
}

function since(generation: string, ...updates: readonly Update[]): string | undefined {
  const time = currentSince(history(...updates), key, generation);
  return time === undefined ? undefined : new Date(time).toISOString();
}

const noon = (day: number) => `2026-11-${day}T10:00:00.000Z`;

test("the end of the first update of the latest ones that had it in front", () => {
  expect(
    since("2", { names: ["2"], day: 20 }, { names: ["2", "1"], day: 12 }, { names: ["1", "2"], day: 11 }),
  ).toBe(noon(12));
});

test("an older commit in between begins it anew", () => {
  const updates = [
    { names: ["2", "1"], day: 20 },
    { names: ["1", "2"], day: 15 },
    { names: ["2", "1"], day: 12 },
  ];
  expect(since("2", ...updates)).toBe(noon(20));
});

test("an update that failed does not make it the current one, but may have ended another's time", () => {
  const updates = [
    { names: ["2", "1"], day: 20 },
    { names: ["2", "1"], day: 18, result: "failed" },
  ];
  expect(since("2", ...updates, { names: ["1", "2"], day: 10 })).toBe(noon(20));
  expect(
    since("2", ...updates, { names: ["1", "2"], day: 12, result: "failed" }, { names: ["2"], day: 10 }),
  ).toBe(noon(20));
});

test("refreshes and imports say nothing about it", () => {
  expect(since("2", { names: ["1"], day: 21, kind: "refresh" }, { names: ["2"], day: 20 })).toBe(noon(20));
});

test("a setting that is not set means the default generation", () => {
  expect(since("1", { day: 20 }, { day: 12 })).toBe(noon(12));
  expect(since("2", { day: 20 })).toBeUndefined();
});

test("a setting that holds a secret is not shown, and so tells nothing", () => {
  const hidden = {
    kind: "update",
    result: "succeeded",
    endTime: noon(20),
    config: { [key]: { secret: true } },
  };
  expect(currentSince(parseHistory([hidden]), key, "1")).toBeUndefined();
});

test("no history tells nothing", () => {
  expect(since("1")).toBeUndefined();
});

test.each([
  ["lists none", { generations: [] }],
  ["is no object", "text"],
])("a setting that %s tells nothing", (_, objectValue) => {
  const config = { [key]: { value: "…", secret: false, objectValue } };
  const update = { version: 1, kind: "update", result: "succeeded", endTime: noon(20), config };
  expect(currentSince(parseHistory([update]), key, "1")).toBeUndefined();
});

test("an update that has not ended tells nothing", () => {
  const update = { version: 1, kind: "update", result: "succeeded", config: {} };
  expect(currentSince(parseHistory([update]), key, "1")).toBeUndefined();
});
