import { expect, test } from "vitest";
import { concurrencyFor, createTurns } from "../../../operations/fleet/concurrency.ts";

const gibibyte = 1024 ** 3;

test.each([
  // By cores.
  [{ cores: 2, freeBytes: 16 * gibibyte }, true, { stacks: 2, exports: 2 }],
  [{ cores: 2, freeBytes: 16 * gibibyte }, false, { stacks: 32, exports: 8 }],
  // By memory.
  [{ cores: 8, freeBytes: 2 * gibibyte }, true, { stacks: 2, exports: 2 }],
  [{ cores: 8, freeBytes: 1 * gibibyte }, false, { stacks: 32, exports: 5 }],
  // One at least, and a number that backends bear at most.
  [{ cores: 4, freeBytes: 0 }, true, { stacks: 1, exports: 1 }],
  [{ cores: 64, freeBytes: 512 * gibibyte }, false, { stacks: 32, exports: 32 }],
])("%j, with refreshes %j: %j at a time", (machine, refreshes, expected) => {
  expect(concurrencyFor(machine, refreshes)).toEqual(expected);
});

test("so many act at a time, in the order in which they came, and one that fails keeps nobody waiting", async () => {
  const inTurn = createTurns(2);
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const act = (name: string): Promise<string> =>
    inTurn(async () => {
      begun.push(name);
      await new Promise<void>((resolve, reject) => {
        ends.set(name, (failure) => (failure === undefined ? resolve() : reject(failure)));
      });
      return name;
    });
  const all = Promise.allSettled(["a", "b", "c", "d", "e"].map(act));
  const settle = async (name: string, failure?: Error): Promise<readonly string[]> => {
    ends.get(name)?.(failure);
    await new Promise(setImmediate);
    return [...begun];
  };
  expect(await settle("none")).toEqual(["a", "b"]);
  expect(await settle("b", new Error("failed"))).toEqual(["a", "b", "c"]);
  expect(await settle("c")).toEqual(["a", "b", "c", "d"]);
  expect(await settle("d")).toEqual(["a", "b", "c", "d", "e"]);
  await settle("a");
  await settle("e");
  expect((await all).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(await Promise.all([inTurn(async () => 1), inTurn(async () => 2)])).toEqual([1, 2]);
});
