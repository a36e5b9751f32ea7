import { setTimeout } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";

import {
  describe,
  inject,
  type RunnerTestCase,
  type RunnerTestFile,
  type RunnerTestSuite,
  TestRunner,
  type TestTryOptions,
  vi,
} from "vitest";

import { type Coverage, type Hits, type TestRun, Trial } from "./trial.ts";

declare module "vitest" {
  interface ProvidedContext {
    mutants: {
      /** Of the trial's notes. */
      readonly folder: string;
      /** Notes which tests run which mutant, or tries each mutant in those tests. */
      readonly mode: "cover" | "try";
      /** The ids of all mutants; those that Stryker leaves out have some, too. */
      readonly ids: readonly string[];
    };
  }
}

/** What the instrumented code reads and writes. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> };
  hitCount?: number;
  hitLimit?: number;
}

const { folder, mode, ids } = inject("mutants");
const trial = new Trial(folder);
const control: Switch = {};
Object.assign(globalThis, { __stryker__: control });

/** The suite that runs a file's tests once more with what was loaded under a mutant, or at last without any. */
const copyOf = "loaded again under mutant ";
const noMutant = "none";

/**
 * What a test takes of the processor at most, in milliseconds, to be tried. Above that are tests of a thousand rounds: who
 * relies on one of them alone waits for it at every change.
 */
const mostCpu = 2000;

/** How long a failed test's leftovers may take, in milliseconds. */
const stragglers = 50;

/**
 * Tries a file's mutants in one process, as what a run costs is to load Pulumi's SDK.
 *
 * A test is run once for each mutant that it reaches and that no test has killed, with its hooks each time, and once
 * without any. For what runs while the file is loaded, our modules and the file are loaded again for each mutant, and
 * then all tests are run until one fails; and once without any, too.
 */
export default class MutantRunner extends TestRunner {
  readonly #durations = new Map<string, number>();
  readonly #slow = new Set<string>();
  #known: Coverage | undefined;
  #left = new Set<string>();
  /** Of the test that is being run. */
  #due: readonly string[] = [];
  #killedByTest: string[] = [];
  readonly #killedByCopies = new Set<string>();
  #started = performance.now();
  #cpu = process.cpuUsage();

  override onCollectStart(file: RunnerTestFile): void {
    this.#started = performance.now();
    this.#known = trial.coverage().find((coverage) => coverage.file === file.filepath);
    const killed = trial.killed();
    this.#left = new Set(ids.filter((id) => !killed.has(id)));
    super.onCollectStart(file);
  }

  override async importFile(filepath: string, source: "collect" | "setup"): Promise<void> {
    await super.importFile(filepath, source);
    if (mode !== "try" || source !== "collect") return;
    const loaded = Object.keys(this.#known?.outside ?? {}).filter((mutant) => this.#left.has(mutant));
    if (loaded.length === 0) return;
    for (const mutant of [...loaded, noMutant]) {
      describe(`${copyOf}${mutant}`, async () => {
        vi.resetModules();
        control.activeMutant = mutant;
        try {
          await super.importFile(filepath, source);
        } catch {
          this.#killedByCopies.add(mutant);
        }
        control.activeMutant = undefined;
      });
    }
  }

  /** Quick tests kill most mutants, so that tests of a thousand rounds need to try few. */
  onCollected(files: RunnerTestFile[]): void {
    if (mode === "try") for (const file of files) this.#sort(file);
  }

  override async onBeforeRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onBeforeRunSuite(suite);
    const mutant = mutantOf(suite);
    if (mutant !== undefined) control.activeMutant = mutant;
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite);
    if (!suite.name.startsWith(copyOf)) return;
    control.activeMutant = undefined;
    if (suite.result?.state === "fail") this.#killedByCopies.add(suite.name.slice(copyOf.length));
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    this.#cpu = process.cpuUsage();
    if (mode !== "try") return;
    const isSlow = this.#known?.slow.includes(nameOf(test)) === true;
    const mutant = mutantOf(test.suite);
    if (mutant !== undefined) {
      if (isSlow || !this.#isCopyDue(mutant)) test.mode = "skip";
      return;
    }
    const { hits = {} } = this.#known?.tests[test.id] ?? {};
    this.#due = Object.keys(hits).filter((id) => this.#left.has(id));
    this.#killedByTest = [];
    if (isSlow || this.#due.length === 0) test.mode = "skip";
    else test.repeats = this.#due.length;
  }

  override onBeforeTryTask(test: RunnerTestCase, options: TestTryOptions): void {
    super.onBeforeTryTask(test, options);
    if (mode === "cover") control.currentTestId = test.id;
    if (mode !== "try" || mutantOf(test.suite) !== undefined) return;
    const mutant = this.#due[options.repeats];
    control.activeMutant = mutant;
    control.hitCount = 0;
    control.hitLimit = 1000 + 100 * (this.#known?.tests[test.id]?.hits[mutant ?? ""] ?? 0);
  }

  /** A test fails at once where nobody catches an error, and before its own limit where it would wait for ever. */
  async runTask(test: RunnerTestCase): Promise<void> {
    if (mode === "cover") return TestRunner.getTestFn(test)();
    const { milliseconds = 500 } = this.#known?.tests[test.id] ?? {};
    const over = new AbortController();
    const failure = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error("It waits for ever.")), 1000 + 10 * milliseconds);
      process.on("unhandledRejection", reject);
      over.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        process.off("unhandledRejection", reject);
      });
    });
    try {
      await Promise.race([TestRunner.getTestFn(test)(), failure]);
    } catch (error) {
      // What a component still registers would fail the next try, whose mocks do not know it.
      await sleep(stragglers);
      throw error;
    } finally {
      over.abort();
    }
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    await super.onAfterRetryTask(test, options);
    if (mode === "cover") control.currentTestId = undefined;
    if (mode !== "try") return;
    const hasFailed = test.result?.state === "fail";
    const copied = mutantOf(test.suite);
    if (copied !== undefined) {
      if (hasFailed) this.#killedByCopies.add(copied);
      return;
    }
    control.activeMutant = undefined;
    const mutant = this.#due[options.repeats];
    if (mutant === undefined) this.#settle(this.#killedByTest, hasFailed, test.name);
    else if (hasFailed) this.#killedByTest.push(mutant);
    if (test.result) {
      test.result.state = "pass";
      delete test.result.errors;
    }
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    this.#durations.set(test.id, test.result?.duration ?? 0);
    const { user, system } = process.cpuUsage(this.#cpu);
    if (user + system > 1000 * mostCpu) this.#slow.add(nameOf(test));
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    if (mode === "cover") for (const file of files) trial.noteCoverage(this.#coverageOf(file));
    else
      this.#settle([...this.#killedByCopies], this.#killedByCopies.has(noMutant), "all tests, loaded again");
  }

  #sort(suite: RunnerTestSuite): void {
    for (const task of suite.tasks) if (task.type === "suite") this.#sort(task);
    suite.tasks.sort((a, b) => this.#durationOf(a) - this.#durationOf(b));
  }

  /** In milliseconds, without a mutant. Copies run after the tests that they are copies of. */
  #durationOf(task: RunnerTestSuite["tasks"][number]): number {
    if (task.type === "test") return this.#known?.tests[task.id]?.milliseconds ?? 0;
    if (task.name.startsWith(copyOf)) return Number.MAX_SAFE_INTEGER;
    return task.tasks.reduce((sum, one) => sum + this.#durationOf(one), 0);
  }

  #isCopyDue(mutant: string): boolean {
    if (mutant === noMutant) return this.#killedByCopies.size > 0;
    return this.#left.has(mutant) && !this.#killedByCopies.has(mutant);
  }

  /** What was killed counts where the same passes without a mutant afterwards. */
  #settle(killed: readonly string[], failsWithout: boolean, what: string): void {
    if (failsWithout) return trial.noteUnsteady(`${this.#known?.file ?? ""}: ${what}`);
    trial.noteKilled(killed);
    for (const mutant of killed) this.#left.delete(mutant);
  }

  #coverageOf(file: RunnerTestFile): Coverage {
    const { perTest = {}, static: outside = {} } = control.mutantCoverage ?? {};
    const tests = Object.entries(perTest).map(([id, hits]): [string, TestRun] => [
      id,
      { milliseconds: this.#durations.get(id) ?? 0, hits },
    ]);
    return {
      file: file.filepath,
      milliseconds: performance.now() - this.#started,
      tests: Object.fromEntries(tests),
      slow: [...this.#slow],
      outside,
    };
  }
}

/** The mutant under which the modules of a suite were loaded. */
function mutantOf(suite: RunnerTestSuite | undefined): string | undefined {
  if (suite === undefined) return undefined;
  return suite.name.startsWith(copyOf) ? suite.name.slice(copyOf.length) : mutantOf(suite.suite);
}

/** A test's name below its suites', the same in each copy of them. */
function nameOf({ name, suite }: RunnerTestCase | RunnerTestSuite): string {
  if (suite === undefined || "filepath" in suite || suite.name.startsWith(copyOf)) return name;
  return `${nameOf(suite)} ${name}`;
}
