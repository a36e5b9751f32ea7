import { expect, test } from "vitest";
import { timeText } from "../../common/time.ts";

test("a time has whole seconds, rounded down, in UTC", () => {
  expect(timeText(new Date("2026-11-27T18:35:59.999+01:00"))).toBe("2026-11-27T17:35:59Z");
  expect(timeText(0)).toBe("1970-01-01T00:00:00Z");
});
