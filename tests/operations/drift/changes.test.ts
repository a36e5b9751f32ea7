import { expect, test } from "vitest";

import { propertyChanges } from "../../../operations/drift/changes.ts";

test.each<[string, unknown, string]>([
  ["a", { a: null }, "not set"],
  ["a.b", { a: null }, "not set"],
  ["a.b", { a: "text" }, "not set"],
  ["a[10]", { a: Array.from({ length: 11 }, (_, index) => index) }, "10"],
  ["a[0].b", { a: [{ b: false }] }, "false"],
  ['["c.d"]', { "c.d": "x" }, '"x"'],
  ['a["b\\"c]"].d', { a: { 'b"c]': { d: 7 } } }, "7"],
  ['a["b"]["c"]', { a: { b: { c: ["[secret]"] } } }, "[(secret)]"],
])("the value at %s of %j", (path, found, shown) => {
  expect(propertyChanges([path], {}, found as Record<string, unknown>)).toEqual([
    { path, declared: "not set", found: shown },
  ]);
});

test("each path once, in order", () => {
  expect(propertyChanges(["b", "a", "b"], { a: 1, b: 2 }, { a: 1, b: 3 })).toEqual([
    { path: "a", declared: "1", found: "1" },
    { path: "b", declared: "2", found: "3" },
  ]);
});
