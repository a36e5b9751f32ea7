import { expect, it } from "vitest";

import { generationName, unquotedName } from "../../common/generationName.ts";

// What Pulumi 3.259 made of each name in a settings file: `pulumi config --json` printed the value in the middle.
it.each<[string, unknown, string | undefined]>([
  ["1", 1, "1"],
  ["1.0", 1, "1"],
  ["007", 7, "7"],
  ["010", 8, "8"],
  ["08", 8, "8"],
  ["1e3", 1000, "1000"],
  ["1_000", 1000, "1000"],
  ["0x10", 16, "16"],
  ["0b11", 3, "3"],
  ["+5", 5, "5"],
  ["2026-11-27", "2026-11-27 00:00:00 +0000 UTC", "2026-11-27"],
  ["2026-11-27T00:00:00Z", "2026-11-27 00:00:00 +0000 UTC", "2026-11-27"],
  ["2026-11", "2026-11", "2026-11"],
  ["1e400", "1e400", "1e400"],
  ["yes", "yes", "yes"],
  ["true", true, undefined],
  ["null", null, undefined],
  ["1.5", 1.5, undefined],
  ["12345678901234567890", 12345678901234567000, undefined],
])("a name %s without quotes comes as %j and is %j", (text, value, name) => {
  expect(unquotedName(text)).toBe(name);
  expect(generationName(value)).toEqual(name ?? value);
});

it.each(["2026-1-5", "2026-13-45", "vault", "v1.0", "a_b", "1.0.0", "2026-11-27.2"])(
  "%s is a text, or a day in full",
  (text) => {
    expect(unquotedName(text)).toBe(text === "2026-1-5" ? "2026-01-05" : text);
  },
);
