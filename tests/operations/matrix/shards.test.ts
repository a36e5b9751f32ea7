import fc from "fast-check";
import { expect, test } from "vitest";

import { shardsOf, withoutExcluded } from "../../../operations/matrix/shards.ts";

test("one job a stack, sorted, named as the stack", () => {
  expect(shardsOf(["fabrikam", "contoso"])).toEqual([
    { name: "contoso", stacks: ["contoso"] },
    { name: "fabrikam", stacks: ["fabrikam"] },
  ]);
});

test("several stacks a job: neighbours stay together, the names count", () => {
  expect(shardsOf(["e", "d", "c", "b", "a"], 2)).toEqual([
    { name: "1/2", stacks: ["a", "b"] },
    { name: "2/2", stacks: ["c", "d", "e"] },
  ]);
});

test("fewer stacks than jobs make no empty job", () => {
  expect(shardsOf(["contoso"], 20)).toEqual([{ name: "contoso", stacks: ["contoso"] }]);
  expect(shardsOf([], 20)).toEqual([]);
});

test("every stack is in exactly one job, the jobs differ by one stack at most, and order does not matter", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 300 }),
      (stacks, most) => {
        const shards = shardsOf(stacks, most);
        expect(shards.flatMap((shard) => shard.stacks)).toEqual(stacks.toSorted());
        expect(shards.length).toBe(Math.min(most, stacks.length));
        const sizes = shards.map((shard) => shard.stacks.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(new Set(shards.map(({ name }) => name)).size).toBe(shards.length);
        expect(shardsOf(stacks.toReversed(), most)).toEqual(shards);
      },
    ),
  );
});

test("--exclude knows a stack by its own name, without organization and project", () => {
  expect(withoutExcluded(["acme/jobs/dev", "acme/dev/jobs"], "dev")).toEqual(["acme/dev/jobs"]);
  expect(withoutExcluded(["dev"], " , ")).toEqual(["dev"]);
});

test.each([
  ["", ["dev-1", "dev.1", "acme/dev-2", "contoso"]],
  ["dev-*", ["dev.1", "contoso"]],
  ["dev.1", ["dev-1", "acme/dev-2", "contoso"]],
  ["contoso, dev-1", ["dev.1", "acme/dev-2"]],
  ["dev", ["dev-1", "dev.1", "acme/dev-2", "contoso"]],
  ["*", []],
])("--exclude %j leaves %j", (patterns, left) => {
  expect(withoutExcluded(["dev-1", "dev.1", "acme/dev-2", "contoso"], patterns)).toEqual(left);
});
