/**
 * Runs the benchmarks, prints their tables, and writes docs/results/benchmarks/NAME.json, of which `npm run docs` makes
 * docs/benchmarks.md.
 *
 * Usage: npm run bench [-- NAME...]
 */
import { readdirSync } from "node:fs";

import { readArguments } from "../sandbox/commands/arguments.ts";
import type { Benchmark } from "./benchmark.ts";
import { machineText } from "./page.ts";
import { misses, table, thisMachine } from "./report.ts";
import { writeSection } from "./results.ts";

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
const benchmarks = await Promise.all(files.map(async (file) => (await import(`./${file}`)) as Benchmark));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(", ");
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}. There are ${names}.\n`);
  process.exitCode = 2;
} else {
  const machine = await thisMachine();
  const isOfficial = readArguments([], process.env).plugins === "official";
  print(machineText(machine));
  for (const benchmark of benchmarks) {
    if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
    const name = isOfficial ? `${benchmark.name} with official plugins` : benchmark.name;
    const rows = await benchmark.run();
    print(`\n${[name, table(rows), misses(rows)].join("\n\n").trimEnd()}`);
    writeSection({ name, day: new Date().toISOString().slice(0, 10), machine, rows: [...rows] });
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
