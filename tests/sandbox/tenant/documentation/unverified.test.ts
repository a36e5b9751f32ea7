import { expect, test } from "vitest";
import { unverified } from "../../../../sandbox/tenant/documentation/unverified.ts";

test("every belief has a short name of its own, which cases and reports go by", () => {
  const ids = unverified.map(({ id }) => id);
  expect(ids.filter((id) => !/^[a-z][A-Za-z]{3,39}$/.test(id))).toEqual([]);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
