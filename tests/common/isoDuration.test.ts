import { expect, test } from "vitest";
import { isoDurationMs } from "../../common/isoDuration.ts";

const day = 86_400_000;

test.each([
  ["P1Y", 365 * day],
  ["P12M", 360 * day],
  ["P52W", 364 * day],
  ["P364D", 364 * day],
  ["P366DT0H0M0S", 366 * day],
  ["P1Y2M3W4DT5H6M7.5S", (365 + 60 + 21 + 4) * day + 5 * 3_600_000 + 6 * 60_000 + 7500],
  ["PT24H", day],
  ["PT1.5H", 5_400_000],
  ["PT0S", 0],
])("%s is %i ms", (text, milliseconds) => {
  expect(isoDurationMs(text)).toBe(milliseconds);
});

test.each(["", "P", "PT", "P1DT", "-P1D", "1D", "P1", "PD", "P1S", "P1M1Y", "P 1D", "PT1.2.3S"])(
  "%j is not a duration",
  (text) => {
    expect(isoDurationMs(text)).toBeUndefined();
  },
);
