import { expect, test } from "vitest";
import { ancestorsOf } from "../../stack/ancestors.ts";

test("a resource's parents, the nearest first", () => {
  const above = ancestorsOf([
    { urn: "stack" },
    { urn: "component", parent: "stack" },
    { urn: "child", parent: "component" },
  ]);
  expect(above("child")).toEqual(["component", "stack"]);
  expect(above("stack")).toEqual([]);
  expect(above("unknown")).toEqual([]);
});

test.each([
  ["itself", [{ urn: "a", parent: "a" }], ["a"]],
  [
    "a circle",
    [
      { urn: "a", parent: "b" },
      { urn: "b", parent: "c" },
      { urn: "c", parent: "b" },
    ],
    ["b", "c"],
  ],
])("a state in which a resource is below %s ends nothing", (_, resources, expected) => {
  expect(ancestorsOf(resources)("a")).toEqual(expected);
});
