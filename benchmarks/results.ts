import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import * as v from "valibot";

const folder = path.join(path.dirname(import.meta.dirname), "docs", "results", "benchmarks");

/** What one run of a benchmark found out, as it is checked in. */
export type BenchmarkResult = v.InferOutput<typeof Section>;

const Section = v.strictObject({
  name: v.string(),
  /** The day that it ran, as `2026-11-27`. */
  day: v.pipe(v.string(), v.isoDate()),
  /** Where figures come from: without it they mean nothing. */
  machine: v.strictObject({
    cpu: v.string(),
    cores: v.number(),
    memoryGb: v.number(),
    system: v.string(),
    node: v.string(),
    pulumi: v.string(),
    /** Kind and versions of the plugins, and the kind of the language host. */
    plugins: v.string(),
  }),
  rows: v.array(
    v.strictObject({
      figure: v.string(),
      value: v.number(),
      unit: v.picklist(["ms", "times", "requests", "requests/s", "MB"]),
      atMost: v.exactOptional(v.number()),
      parts: v.exactOptional(v.record(v.string(), v.number())),
    }),
  ),
});

/** Reads every section that is checked in, in the order of their names. @throws where one has another form */
export function readSections(): readonly BenchmarkResult[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => v.parse(Section, JSON.parse(readFileSync(path.join(folder, file), "utf8"))))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Writes a section in place of its earlier one. */
export function writeSection(section: BenchmarkResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${section.name}.json`), `${JSON.stringify(section, undefined, 2)}\n`);
}
