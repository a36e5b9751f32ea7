import { expect, test } from "vitest";
import { lookAgain, type LookAgainOptions, remainingSince } from "../../common/lookAgain.ts";

/** Looks at what `remaining` is asked about, and writes down everything that happens. */
async function record(remaining: LookAgainOptions<string>["remaining"]) {
  const events: string[] = [];
  const seen = await lookAgain({
    look: async (attempt) => `look ${attempt}`,
    remaining,
    waiting: (left, what) => void events.push(`${what}, ${left} ms left`),
    pause: async (milliseconds) => void events.push(`pause ${milliseconds}`),
  });
  return { seen, events };
}

test("looks once where nothing may change, or nobody knows for how long", async () => {
  for (const left of [0, -1, Number.NaN])
    expect(await record(() => left)).toEqual({ seen: "look 1", events: [] });
});

test("pauses longer each time, up to 15 seconds and never beyond what remains", async () => {
  const { seen, events } = await record((_seen, waited) => 50_000 - waited);
  expect(seen).toBe("look 7");
  expect(events).toEqual([
    "look 1, 50000 ms left",
    "pause 2000",
    "look 2, 48000 ms left",
    "pause 4000",
    "look 3, 44000 ms left",
    "pause 8000",
    "look 4, 36000 ms left",
    "pause 15000",
    "look 5, 21000 ms left",
    "pause 15000",
    "look 6, 6000 ms left",
    "pause 6000",
  ]);
});

test("ends as soon as what is seen has come to rest, and asks each look anew", async () => {
  const { seen, events } = await record(async (what) => (what === "look 2" ? 0 : 1000));
  expect(seen).toBe("look 2");
  expect(events).toEqual(["look 1, 1000 ms left", "pause 1000"]);
});

test("a look or a pause that fails ends it", async () => {
  const options = {
    look: async () => "seen",
    remaining: () => 1,
    waiting: () => undefined,
    pause: () => Promise.reject(new Error("aborted")),
  };
  await expect(lookAgain(options)).rejects.toThrow("aborted");
  await expect(lookAgain({ ...options, look: () => Promise.reject(new Error("refused")) })).rejects.toThrow(
    "refused",
  );
});

test.each([
  ["a change of now", 0, 0, 120_000],
  ["a change of a minute ago", -60_000, 0, 60_000],
  ["an old change", -600_000, 0, -480_000],
  ["a change in times to come", 1e12, 0, 120_000],
  ["a change in times to come, after all of the wait", 1e12, 120_000, 0],
])("%s", (_when, sinceNow, waited, left) => {
  const now = Date.parse("2026-11-28T00:00:00Z");
  expect(remainingSince({ changedAt: now + sinceNow, waitMs: 120_000, now, waited })).toBe(left);
});
