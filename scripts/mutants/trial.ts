import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** How often each mutant's code was run, by its id. */
export type Hits = Readonly<Record<string, number>>;

/** What one test does without a mutant. */
export interface TestRun {
  readonly milliseconds: number;
  readonly hits: Hits;
}

/** What a run without a mutant notes of a test file. */
export interface Coverage {
  readonly file: string;
  readonly milliseconds: number;
  /** By the test's id. */
  readonly tests: Readonly<Record<string, TestRun>>;
  /** The names of those that take so long that they are not repeated. */
  readonly slow: readonly string[];
  /** While the file and what it imports are loaded, or in a hook that many tests share. */
  readonly outside: Hits;
}

/** What the trials have found so far, in a folder that the processes which run the tests share. */
export class Trial {
  readonly folder: string;
  readonly #coverage: string;
  readonly #killed: string;
  readonly #unsteady: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#coverage = path.join(folder, "coverage");
    this.#killed = path.join(folder, "killed");
    this.#unsteady = path.join(folder, "unsteady");
  }

  noteCoverage(coverage: Coverage): void {
    appendFileSync(this.#coverage, `${JSON.stringify(coverage)}\n`);
  }

  coverage(): readonly Coverage[] {
    return lines(this.#coverage).map((line) => JSON.parse(line) as Coverage);
  }

  noteKilled(mutants: readonly string[]): void {
    appendFileSync(this.#killed, mutants.map((mutant) => `${mutant}\n`).join(""));
  }

  killed(): ReadonlySet<string> {
    return new Set(lines(this.#killed));
  }

  /** A test that fails without a mutant once others have run: what it killed does not count. */
  noteUnsteady(test: string): void {
    appendFileSync(this.#unsteady, `${test}\n`);
  }

  unsteady(): readonly string[] {
    return lines(this.#unsteady);
  }
}

function lines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}
