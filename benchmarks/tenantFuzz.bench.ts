import { performance } from "node:perf_hooks";

import type { Row } from "./benchmark.ts";
import { runNode } from "./measure.ts";

const runs = 20_000;

export const name = "tenantFuzz";

/** Sends the tenant many random requests, others each time; a request that it does not bear fails the benchmark. */
export async function run(): Promise<readonly Row[]> {
  process.env.FUZZ_RUNS = String(runs);
  process.env.FUZZ_SEED = String(Date.now() % 2 ** 31);
  const start = performance.now();
  await runNode("node_modules/vitest/vitest.mjs", "run", "tests/sandbox/tenant/fuzz.test.ts");
  return [
    { figure: `random requests from seed ${process.env.FUZZ_SEED}`, value: runs, unit: "requests" },
    { figure: "time", value: performance.now() - start, unit: "ms" },
  ];
}
