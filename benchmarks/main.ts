/**
 * Runs the benchmarks, prints their tables, and writes docs/benchmarks.md and bench-results/NAME.json.
 *
 * Usage: npm run bench [-- NAME...]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { readArguments } from "../sandbox/commands/arguments.ts";
import type { Benchmark } from "./benchmark.ts";
import { machineText, updatePage } from "./page.ts";
import { isMet, table, thisMachine } from "./report.ts";

const root = path.dirname(import.meta.dirname);
const results = path.join(root, "bench-results");
const page = path.join(root, "docs", "benchmarks.md");
const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
const benchmarks = await Promise.all(files.map(async (file) => (await import(`./${file}`)) as Benchmark));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(", ");
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}. There are ${names}.\n`);
  process.exitCode = 2;
} else {
  mkdirSync(results, { recursive: true });
  const machine = thisMachine();
  const isOfficial = readArguments([], process.env).plugins === "official";
  print(machineText(machine));
  for (const benchmark of benchmarks) {
    if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
    const name = isOfficial ? `${benchmark.name} with official plugins` : benchmark.name;
    const rows = await benchmark.run();
    print(`\n${name}\n\n${table(rows)}`);
    const section = { name, time: new Date(), machine, rows };
    const document = { ...section, rows: rows.map((row) => ({ ...row, met: isMet(row) })) };
    writeFileSync(path.join(results, `${name}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
    writeFileSync(page, updatePage(existsSync(page) ? readFileSync(page, "utf8") : "", section));
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
