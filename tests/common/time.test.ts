import { expect, test } from "vitest";
import { endInWords, timeInWords, timeText } from "../../common/time.ts";

test("a time has whole seconds, rounded down, in UTC", () => {
  expect(timeText(new Date("2026-11-27T18:35:59.999+01:00"))).toBe("2026-11-27T17:35:59Z");
  expect(timeText(0)).toBe("1970-01-01T00:00:00Z");
});

test("a time as people say it, to the minute, and a text that is no time as it is", () => {
  expect(timeInWords("2026-11-28T00:16:49.060312496Z")).toBe("2026-11-28 00:16 UTC");
  expect(timeInWords(new Date("2026-11-27T18:35:59+01:00"))).toBe("2026-11-27 17:35 UTC");
  expect(timeInWords("soon")).toBe("soon");
});

test("until when something lasts, and what has no end", () => {
  expect([undefined, null, "2026-11-27T18:35:59Z"].map(endInWords)).toEqual([
    "without an end",
    "without an end",
    "until 2026-11-27 18:35 UTC",
  ]);
});
