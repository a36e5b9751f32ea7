import { expect, test } from "vitest";

import { counted } from "../../common/counted.ts";

test.each([
  [0, "0 checks"],
  [1, "1 check"],
  [2, "2 checks"],
])("%i", (count, text) => {
  expect(counted(count, "check")).toBe(text);
});
