import { expect, test } from "vitest";

import { counted } from "../../common/counted.ts";

test("one is singular, everything else plural", () => {
  expect([0, 1, 2].map((count) => counted(count, "certificate"))).toEqual([
    "0 certificates",
    "1 certificate",
    "2 certificates",
  ]);
});
