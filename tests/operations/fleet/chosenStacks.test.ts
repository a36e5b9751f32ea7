import { expect, test } from "vitest";
import { chosenStacks } from "../../../operations/fleet/chosenStacks.ts";
import { shardsOf } from "../../../operations/matrix/shards.ts";

const names = ["fabrikam", "contoso", "tailspin", "dev-1"];

test.each([
  [{}, ["contoso", "dev-1", "fabrikam", "tailspin"]],
  [{ exclude: "dev-*" }, ["contoso", "fabrikam", "tailspin"]],
  [{ stacks: "tailspin contoso" }, ["contoso", "tailspin"]],
  [{ stacks: " tailspin,dev-1, contoso ", exclude: "dev-*" }, ["contoso", "tailspin"]],
  [{ exclude: "dev-*", shard: "2/2" }, ["fabrikam", "tailspin"]],
  [{ exclude: "*" }, []],
])("%j: %j", (choice, stacks) => {
  expect(chosenStacks(names, choice)).toEqual(stacks);
});

test("a shard is that job of `matrix --shards`, for every number of stacks and jobs", () => {
  for (let count = 1; count <= 9; count += 1) {
    const all = Array.from({ length: count }, (_, index) => `s${index}`);
    for (let jobs = 1; jobs <= 12; jobs += 1) {
      const shards = Array.from({ length: jobs }, (_, index) =>
        chosenStacks(all, { shard: `${index + 1}/${jobs}` }),
      );
      expect(shards.filter((shard) => shard.length > 0)).toEqual(
        shardsOf(all, jobs).map(({ stacks }) => stacks),
      );
    }
  }
});

test.each(["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3", ""])("--shard %j cannot be meant", (shard) => {
  expect(() => chosenStacks(names, { shard })).toThrow(
    `--shard must be a job and the number of jobs, such as 3/20, got "${shard}".`,
  );
});

test("stacks that do not exist are all named, with the nearest", () => {
  expect(() => chosenStacks(names, { stacks: "contosso,contoso,unheard-of" })).toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_STACK_NOT_FOUND",
      message:
        '--stacks names stacks that the project does not have: "contosso" (did you mean contoso?), "unheard-of". See `pulumi stack ls`.',
    }),
  );
});
