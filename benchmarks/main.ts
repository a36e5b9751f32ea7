/**
 * Runs the benchmarks, prints their tables, and writes bench-results/NAME.json.
 *
 * Usage: npm run bench [-- NAME...]
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Benchmark } from "./benchmark.ts";
import { isMet, table, thisMachine } from "./report.ts";

const results = path.join(path.dirname(import.meta.dirname), "bench-results");
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
  print(
    `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`,
  );
  for (const { name, run } of benchmarks) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const rows = await run();
    print(`\n${name}\n\n${table(rows)}`);
    const document = {
      name,
      time: new Date().toISOString(),
      machine,
      rows: rows.map((row) => ({ ...row, met: isMet(row) })),
    };
    writeFileSync(path.join(results, `${name}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
