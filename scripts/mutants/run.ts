import path from "node:path";

import { BaseSequencer, startVitest, type TestSpecification } from "vitest/node";

import { topFolder } from "./results.ts";
import type { Trial } from "./trial.ts";

/** What the tests run on. */
interface Project {
  readonly root: string;
  readonly trial: Trial;
  /** The instrumented files. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of all mutants. */
  readonly ids: readonly string[];
}

/**
 * Runs the tests of the files' own folders on the instrumented code, the quickest test files first. Commands run the code,
 * too, but a decision that only a command's test notices has no test of its own.
 *
 * @param tests test files; all where none is given
 * @returns the test files that failed
 */
export async function runTests(
  { root, trial, texts, ids }: Project,
  mode: "cover" | "try",
  tests: readonly string[] = [],
): Promise<readonly string[]> {
  const milliseconds = new Map(trial.coverage().map((coverage) => [coverage.file, coverage.milliseconds]));
  const durationOf = ({ moduleId }: TestSpecification): number => milliseconds.get(moduleId) ?? 0;
  class QuickestFirst extends BaseSequencer {
    override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
      return specifications.toSorted((a, b) => durationOf(a) - durationOf(b));
    }
  }
  const folders = new Set([...texts.keys()].map(topFolder));
  const include = [...folders].map((folder) => `tests/${folder}/**/*.test.ts`);
  const vitest = await startVitest(
    [...tests],
    {
      config: false,
      watch: false,
      // Its key does not tell one set of mutants from another.
      fsModuleCache: false,
      root,
      include,
      maxWorkers: 1,
      reporters: [],
      runner: path.join(root, "scripts/mutants/runner.ts"),
      testTimeout: 120_000,
      hookTimeout: 60_000,
      provide: { mutants: { folder: trial.folder, mode, ids } },
      sequence: { sequencer: QuickestFirst },
    },
    {
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          transform: (_, id) => texts.get(path.relative(root, id.split("?", 1).join())),
        },
      ],
    },
  );
  const failed = vitest.state.getFiles().filter(({ result }) => result?.state === "fail");
  await vitest.close();
  process.exitCode = 0;
  return failed.map(({ filepath }) => filepath);
}
