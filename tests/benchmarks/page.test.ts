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

test("a missed figure says what it consists of, and one that is met does not", () => {
  const parts = { "an empty program": 7.5 };
  const missed: Row = { ...wallTime, parts };
  const met: Row = { figure: "encoding", value: 8, unit: "ms", atMost: 10, parts };
  const text = benchmarksPage([section("start", missed, met)]);
  expect(text.split("\n").slice(-3)).toEqual([
    "",
    "- wall time consists of: an empty program 7.5 ms, the rest 4.5 ms.",
    "",
  ]);
});

test("the sections that are checked in can be read, in the order of their names", () => {
  const names = readSections().map(({ name }) => name);
  expect(names).toContain("stack");
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
});

function gained(rows: readonly Row[]): readonly string[] {
  return benchmarksPage([section("versus", ...rows)])
    .split("\n")
    .filter((line) => line.startsWith("- "));
}

test("the page says first what a user gains, where everything was measured", () => {
  const figures = [
    ["exo-auth audit", 449],
    ["terraform plan", 702],
    ["exo-auth check", 1320],
    ["exo-auth drift", 1280],
    ["up", 6480],
    ["up of the flat program", 6300],
  ] as const;
  const rows = figures.map(([figure, value]): Row => ({ figure, value, unit: "ms" }));
  expect(gained(rows)).toEqual([
    "- `exo-auth audit` answers in 0.4 s, and finds what somebody added to the tenant. `terraform plan` of the same resources takes 0.7 s, and does not look for that.",
    "- `exo-auth check` compares the state and audits in 1.3 s. The comparison alone takes 1.3 s.",
    "- `pulumi up` into an empty tenant takes 6.5 s. A program with the same resources and without the component takes 6.3 s.",
  ]);
  expect(gained(rows.slice(2))).toEqual([]);
});
