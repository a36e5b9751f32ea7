import { performance } from "node:perf_hooks";

import { runCommand } from "../sandbox/workspace/runCommand.ts";

/**
 * The median time of each candidate in milliseconds, after one round that does not count.
 *
 * The candidates take turns, so that whatever else the machine does meets all of them and ratios hold.
 */
export async function medianTimes<Name extends string>(
  rounds: number,
  candidates: Readonly<Record<Name, () => unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(candidates) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await candidates[name]();
      if (round > 0) times.get(name)?.push(performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("There is no median of no values.");
  return (lower + upper) / 2;
}

/** Runs a whole Node process to its end. @throws where it fails, since its time would mean nothing. */
export async function runNode(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, args);
  if (exitCode !== 0)
    throw new Error(`node ${args.join(" ")} failed, got exit code ${exitCode}.\n${stdout}${stderr}`);
  return stdout;
}
