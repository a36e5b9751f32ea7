import { expect, test } from "vitest";
import { concurrencyFor } from "../../../operations/fleet/concurrency.ts";

const gibibyte = 1024 ** 3;

test.each([
  // By cores.
  [{ cores: 2, freeBytes: 16 * gibibyte }, true, 2],
  [{ cores: 2, freeBytes: 16 * gibibyte }, false, 8],
  // By memory.
  [{ cores: 8, freeBytes: 2 * gibibyte }, true, 2],
  [{ cores: 8, freeBytes: 1 * gibibyte }, false, 5],
  // One at least, and a number that backends bear at most.
  [{ cores: 4, freeBytes: 0 }, true, 1],
  [{ cores: 64, freeBytes: 512 * gibibyte }, false, 32],
])("%j, with refreshes %j: %i at a time", (machine, refreshes, count) => {
  expect(concurrencyFor(machine, refreshes)).toBe(count);
});
