import fc from "fast-check";
import { expect, it } from "vitest";

import { nearest } from "../../common/nearest.ts";

it.each<[string, string[], string[]]>([
  ["Reprots Reader", ["Reports Reader", "Global Reader"], ["Reports Reader"]],
  [" REPORTS reader ", ["Reports Reader"], ["Reports Reader"]],
  ["usGov", ["usGovernmentHigh", "usGovernmentDod", "china"], ["usGovernmentHigh", "usGovernmentDod"]],
  ["kitten", ["sitting"], []],
  ["ab", ["cd"], ["cd"]],
  ["mars", ["global", "china"], []],
  ["", ["roles"], []],
  ["x", [], []],
  ["same", ["SAME", "same"], ["SAME", "same"]],
  ["tenantId", ["cloud", "expectedTenantId"], ["expectedTenantId"]],
  ["clientId", ["existingClientId", "expectedTenantId"], ["existingClientId"]],
])("%j of %j is %j", (given, candidates, found) => {
  expect(nearest(given, candidates)).toEqual(found);
});

it("finds one changed, added or removed letter in a long word, whichever it is", () => {
  const word = "expectedTenantId";
  fc.assert(
    fc.property(fc.nat(word.length - 1), fc.constantFrom("", "x", "xy"), (index, letters) => {
      const typed = word.slice(0, index) + letters + word.slice(index + 1);
      expect(nearest(typed, ["displayName", word])).toEqual([word]);
    }),
  );
});

it("is quick where somebody gives a whole file", () => {
  expect(nearest("x".repeat(5_000_000), ["roles"])).toEqual([]);
});
