import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { withProgress } from "../../../sandbox/toolchain/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("says every 15 seconds how far it is, and at the end how long it took", async () => {
  const lines: string[] = [];
  let packages = 0;
  const work = withProgress(
    (line) => lines.push(line),
    () => `${packages} packages`,
    () => new Promise((resolve) => setTimeout(() => resolve("built"), 40_000)),
  );

  await vi.advanceTimersByTimeAsync(16_000);
  packages = 7;
  await vi.advanceTimersByTimeAsync(24_000);

  expect(await work).toBe("built");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toEqual(["  15 s: 0 packages", "  30 s: 7 packages", "  done in 40 s"]);
});

test("says nothing more once the work has failed", async () => {
  const lines: string[] = [];
  const work = withProgress(
    (line) => lines.push(line),
    () => "",
    () => Promise.reject(new Error("refused")),
  );

  await expect(work).rejects.toThrow("refused");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toEqual([]);
});
