import fc from "fast-check";
import { expect, it } from "vitest";

import { childNames } from "../../components/childNames.ts";

const slugged = (identity: string) => ({ name: identity.toLowerCase().replaceAll(/[^a-z]/g, "-"), identity });

it("keeps every name that is the only one, and gives later ones of the same name a part of their own", () => {
  expect(childNames(["a.b@x", "c@x", "a-b@x", "A_B@x"].map(slugged))).toEqual([
    "a-b-x",
    "c-x",
    "a-b-x-d73052b4",
    "a-b-x-8a639e00",
  ]);
});

it("is stable for those before, whoever joins at the end, and never gives one name twice", () => {
  const identities = fc.uniqueArray(fc.stringMatching(/^[a-c.@_-]{1,4}$/), { maxLength: 12 });
  fc.assert(
    fc.property(identities, (all) => {
      const names = childNames(all.map(slugged));
      expect(new Set(names).size).toBe(names.length);
      expect(childNames(all.slice(0, -1).map(slugged))).toEqual(names.slice(0, -1));
    }),
  );
});
