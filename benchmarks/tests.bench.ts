import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import * as v from "valibot";

import { createSandbox } from "../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import type { Row } from "./benchmark.ts";
import { median, runNode } from "./measure.ts";

export const name = "tests";

const slowest = 10;
const minuteMs = 60_000;

/**
 * How long `npm test` takes where the CLI is there, also as a multiple of an empty program's `pulumi up`, and which tests
 * take longest. How long `npm run test:all` takes, it says itself.
 */
export async function run(): Promise<readonly Row[]> {
  const sandbox = await createSandbox();
  try {
    const empty = await sandbox.stack("empty", { project: path.join(import.meta.dirname, "empty") });
    // The first creates the stack's resource, and warms the caches.
    await timeOfUp(empty);
    const ups = [await timeOfUp(empty)];
    const daily = await runTests("--project", "unit", "--project", "engine");
    ups.push(await timeOfUp(empty), await timeOfUp(empty));
    const up = median(ups);
    return [
      { figure: "up of an empty program", value: up, unit: "ms" },
      { figure: "npm test", value: daily.ms, unit: "ms", atMost: 12 * minuteMs },
      { figure: "npm test to up of an empty program", value: daily.ms / up, unit: "times" },
      ...daily.tests.toSorted((a, b) => b.value - a.value).slice(0, slowest),
    ];
  } finally {
    await sandbox.close();
  }
}

async function timeOfUp(stack: StackWorkspace): Promise<number> {
  const start = performance.now();
  const args = ["up", "--skip-preview", "--yes", "--non-interactive"];
  const { exitCode, stderr } = await stack.run("pulumi", args);
  if (exitCode !== 0) throw new Error(`\`pulumi up\` of the empty program failed: ${stderr}`);
  return performance.now() - start;
}

/** Runs these projects of the tests. */
async function runTests(
  ...projects: readonly string[]
): Promise<{ readonly ms: number; readonly tests: readonly Row[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const results = path.join(folder, "results.json");
  try {
    const start = performance.now();
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
    await runNode("node_modules/vitest/vitest.mjs", "run", ...projects, ...reporters);
    const ms = performance.now() - start;
    const { testResults } = v.parse(Results, JSON.parse(readFileSync(results, "utf8")));
    const tests = testResults.flatMap(({ name: file, assertionResults }) =>
      assertionResults.map(({ fullName, duration }) => ({
        figure: `${path.relative(process.cwd(), file)}: ${fullName}`,
        value: duration ?? 0,
        unit: "ms" as const,
      })),
    );
    return { ms, tests };
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
