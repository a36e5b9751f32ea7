/**
 * Changes one decision at a time, runs the unit tests that reach it, and prints the share of changes that a test notices.
 *
 * Usage: npm run mutants [-- PATH…], where a path is a file or a folder. Without one it takes all files. It writes what it
 * found of each to docs/results/mutants.json.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { equivalents, isListed } from "./mutants/equivalents.ts";
import { instrument, type Mutant } from "./mutants/instrument.ts";
import { type FileCount, readResults, shareOf, sumsOf, writeResults } from "./mutants/results.ts";
import { runTests } from "./mutants/run.ts";
import { Trial } from "./mutants/trial.ts";

/** Of all mutants, in percent, that a test notices. */
const leastKilled = 95;

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const { mutants, texts } = await instrument(chosen(process.argv.slice(2)));
print(`${mutants.length} mutants in ${texts.size} files`);
const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-mutants-"));
try {
  const trial = new Trial(folder);
  const killed = await tryAll(trial);
  for (const test of trial.unsteady()) print(`does not count, as it fails when it is repeated: ${test}`);
  report(killed, reachedBy(trial));
} finally {
  rmSync(folder, { recursive: true });
}

function chosen(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return decisions();
  return paths.flatMap((one) =>
    one.endsWith(".ts") ? [one] : decisions().filter((file) => file.startsWith(one)),
  );
}

/** The decisions of operations/ are in the files that neither wait for anything nor touch the disk. */
function decisions(): readonly string[] {
  return [...globSync("components/**/*.ts"), ...globSync("operations/**/*.ts").filter(isPure)].toSorted();
}

function isPure(file: string): boolean {
  return !/\bawait\b|"node:(?:fs|child_process)/.test(readFileSync(file, "utf8"));
}

/** @returns the ids of the mutants that a test noticed. */
async function tryAll(trial: Trial): Promise<ReadonlySet<string>> {
  const project = { root, trial, texts, ids: mutants.map(({ id }) => id) };
  const failed = await runTests(project, "cover");
  for (const file of failed)
    print(`does not count, as it fails without a mutant: ${path.relative(root, file)}`);
  const reaching = trial
    .coverage()
    .filter(({ tests, outside }) => Object.keys(tests).length + Object.keys(outside).length > 0)
    .map(({ file }) => file)
    .filter((file) => !failed.includes(file));
  print(`${reaching.length} test files reach them`);
  await runTests(project, "try", reaching);
  return trial.killed();
}

function isEquivalent(mutant: Mutant): boolean {
  return equivalents.some((one) => isListed(mutant, one));
}

function reachedBy(trial: Trial): ReadonlySet<string> {
  return new Set(
    trial
      .coverage()
      .flatMap(({ tests, outside }) => [outside, ...Object.values(tests).map(({ hits }) => hits)])
      .flatMap((hits) => Object.keys(hits)),
  );
}

function report(killed: ReadonlySet<string>, reached: ReadonlySet<string>): void {
  const survivors = mutants.filter(({ id }) => !killed.has(id));
  const unexplained = survivors.filter((mutant) => !isEquivalent(mutant));
  for (const { id, file, line, kind, original, replacement } of unexplained) {
    print(`${file}:${line} ${kind}${reached.has(id) ? "" : ", which no test reaches"}`);
    print(`  - ${original}\n  + ${replacement}`);
  }
  const idle = equivalents.filter(
    (one) => texts.has(one.file) && !survivors.some((mutant) => isListed(mutant, one)),
  );
  for (const { file, original } of idle) print(`listed as equivalent, and is none: ${file} ${original}`);
  const tried = [...texts.keys()].map((name) => countOf(name, killed));
  const known = writeResults(tried, decisions());
  for (const one of [...tried, ...sumsOf(tried)])
    print(`${one.name}: ${one.killed} of ${one.mutants} killed, ${shareOf(one).toFixed(1)} %`);
  for (const one of known) print(`known of ${one.name}: ${shareOf(one).toFixed(1)} %`);
  const rows = new Set(readResults().map(({ name }) => name));
  const untried = decisions().filter((file) => !rows.has(file));
  for (const file of untried) print(`never tried: ${file}`);
  const isEnough = known.every((one) => shareOf(one) >= leastKilled);
  process.exitCode = isEnough && unexplained.length + idle.length + untried.length === 0 ? 0 : 1;
}

function countOf(name: string, killed: ReadonlySet<string>): FileCount {
  const own = mutants.filter(({ file }) => file === name);
  const survivors = own
    .filter(({ id }) => !killed.has(id))
    .map(({ original, replacement }) => ({ original, replacement }));
  return { name, mutants: own.length, killed: own.length - survivors.length, survivors };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
