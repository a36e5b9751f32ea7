import { expect, test } from "vitest";
import { Failure } from "../../common/failure.ts";
import { parseDuration } from "../../common/duration.ts";

test.each([
  ["0s", 0],
  ["90s", 90_000],
  ["5m", 300_000],
  ["12h", 43_200_000],
  ["30d", 2_592_000_000],
  ["2w", 1_209_600_000],
])("reads %s", (text, milliseconds) => {
  expect(parseDuration("--wait", text)).toBe(milliseconds);
});

test.each(["", "5", "m", "-5m", "1.5h", "5 m", "5M", "1h30m"])("refuses %j", (text) => {
  expect(() => parseDuration("--wait", text)).toThrow(
    new Failure(
      "EXO_AUTH_USAGE",
      `--wait must be a length of time, got "${text}". Give a number and a unit: 90s, 5m, 12h, 30d or 2w.`,
    ),
  );
});
