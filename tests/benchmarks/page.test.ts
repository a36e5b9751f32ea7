import { expect, test } from "vitest";

import { benchmarksPage } from "../../benchmarks/page.ts";
import { readSections, type BenchmarkResult } from "../../benchmarks/results.ts";
import type { Row } from "../../benchmarks/benchmark.ts";

const section = (name: string, ...rows: readonly Row[]): BenchmarkResult => ({
  name,
  day: "2026-11-26",
  machine: {
    cores: 2,
    cpu: "Some CPU",
    memoryGb: 24,
    system: "Linux x64",
    node: "v24.1.0",
    pulumi: "3.259.0",
    plugins: "stand-in plugins (tls 5.5.0)",
  },
  rows: [...rows],
});

const wallTime: Row = { figure: "wall time", value: 12, unit: "ms", atMost: 10 };

test("a section says when, on what machine, and which figure is missed", () => {
  const [, text = ""] = benchmarksPage([section("start", wallTime)]).split("\n## ");
  expect(text.split("\n")).toEqual([
    "start",
    "",
    "2026-11-26, 2 cores of Some CPU, 24 GB, Linux x64, Node v24.1.0, Pulumi 3.259.0 with stand-in plugins (tls 5.5.0).",
    "",
    "| figure    | measured | must be       |        |",
    "| --------- | -------- | ------------- | ------ |",
    "| wall time | 12 ms    | at most 10 ms | missed |",
    "",
  ]);
});

test("the sections that are checked in can be read, in the order of their names", () => {
  const names = readSections().map(({ name }) => name);
  expect(names).toContain("stack");
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
});
