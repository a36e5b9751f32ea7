import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import * as v from "valibot";

import type { Row } from "./benchmark.ts";
import { runNode } from "./measure.ts";

export const name = "tests";

const slowest = 10;

/** How long `npm test` takes where the CLI is there, and which tests take longest. */
export async function run(): Promise<readonly Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const results = path.join(folder, "results.json");
  try {
    const start = performance.now();
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
    await runNode("node_modules/vitest/vitest.mjs", "run", ...reporters);
    const ms = performance.now() - start;
    const { testResults } = v.parse(Results, JSON.parse(readFileSync(results, "utf8")));
    const tests = testResults.flatMap(({ name: file, assertionResults }) =>
      assertionResults.map(({ fullName, duration }) => ({
        figure: `${path.relative(process.cwd(), file)}: ${fullName}`,
        value: duration ?? 0,
        unit: "ms" as const,
      })),
    );
    return [
      { figure: "npm test", value: ms, unit: "ms" },
      ...tests.toSorted((a, b) => b.value - a.value).slice(0, slowest),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const Results = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      assertionResults: v.array(v.object({ fullName: v.string(), duration: v.nullish(v.number()) })),
    }),
  ),
});
