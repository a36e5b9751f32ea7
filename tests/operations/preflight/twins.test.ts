import { expect, test } from "vitest";

import { checkTwins } from "../../../operations/preflight/twins.ts";

const own = "exchange-auth p/s/exchange";
const planned = { displayName: "Exchange", component: "exchange", own };
const marker = { value: "m", urn: "urn:m", isUsed: false };

function kindsOf(
  descriptions: readonly (string | null)[],
  of: Partial<{ marker: typeof marker }> = {},
  deleted: readonly string[] = [],
) {
  const found = checkTwins({ ...planned, ...of }, descriptions.map(application), deleted.map(application));
  return found.map((one) => (one.kind === "passed" ? one.message : one.cause));
}

test("no application of the name, whether the component has a marker or not", () => {
  expect(kindsOf([])).toEqual(['no other application is called "Exchange"']);
  expect(kindsOf([], { marker })).toEqual(['no other application is called "Exchange"']);
});

test("a marker that is public is told first, and whatever else is there", () => {
  const used = { marker: { ...marker, isUsed: true } };
  expect(kindsOf([], used)).toEqual(["markerUsed", 'no other application is called "Exchange"']);
  expect(kindsOf([`${own} m`], used)).toEqual(["markerUsed", "unproven"]);
});

test.each<[string | null, object, string]>([
  [`${own} m`, { marker }, "applicationOrphaned"],
  [`${own} m`, {}, "unproven"],
  [`${own} n`, { marker }, "unproven"],
  [own, { marker }, "unproven"],
  ["jobs", { marker }, "sameName"],
  [null, {}, "sameName"],
])("an application that says %j", (description, of, cause) => {
  expect(kindsOf([description], of)).toEqual([cause]);
});

test("what is in the recycle bin is told after what is there", () => {
  expect(kindsOf(["jobs"], {}, [own])).toEqual(["sameName", "recycled"]);
  expect(checkTwins(planned, [], [{ id: "o", appId: "c" }])).toEqual([
    {
      kind: "warning",
      cause: "recycled",
      message: 'A deleted application called "Exchange" (c) is in the recycle bin for up to 30 days.',
      remedy:
        "If its jobs are needed, restore it (`POST /directory/deletedItems/o/restore`). Otherwise, leave it.",
    },
  ]);
});

function application(description: string | null) {
  return { id: "o", appId: "c", description };
}
