/**
 * Changes one decision at a time, runs the unit tests that reach it, and prints the share of changes that a test notices.
 *
 * Usage: npm run mutants [-- FILE…], which without files takes all, and writes docs/results/mutants.json.
 */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { equivalents, isListed } from "./mutants/equivalents.ts";
import { instrument, type Mutant } from "./mutants/instrument.ts";
import { runTests } from "./mutants/run.ts";
import { Trial } from "./mutants/trial.ts";

/** Of all mutants, in percent, that a test notices. */
const leastKilled = 95;

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const files = process.argv.slice(2);
const { mutants, texts } = await instrument(files.length > 0 ? files : decisions());
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
  const folders = [...new Set(mutants.map(({ file }) => path.dirname(file)))].map((name) =>
    figures(
      name,
      mutants.filter(({ file }) => path.dirname(file) === name),
      killed,
    ),
  );
  const all = figures("all", mutants, killed);
  for (const { name, killed: count, mutants: of } of [...folders, all])
    print(`${name}: ${count} of ${of} killed, ${percent(count, of).toFixed(1)} %`);
  if (files.length === 0)
    writeFileSync("docs/results/mutants.json", `${JSON.stringify({ folders, all }, undefined, 2)}\n`);
  const isEnough = percent(all.killed, all.mutants) >= leastKilled && unexplained.length + idle.length === 0;
  process.exitCode = isEnough ? 0 : 1;
}

function figures(name: string, of: readonly Mutant[], killed: ReadonlySet<string>) {
  return { name, mutants: of.length, killed: of.filter(({ id }) => killed.has(id)).length };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : (100 * part) / whole;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
