import { expect, test } from "vitest";

import { type Section, updatePage } from "../../benchmarks/page.ts";
import type { Row } from "../../benchmarks/benchmark.ts";

const section = (name: string, ...rows: readonly Row[]): Section => ({
  name,
  time: new Date("2026-11-26T20:00:00Z"),
  machine: {
    cores: 2,
    cpu: "Some CPU",
    memoryGb: 24,
    system: "Linux x64",
    node: "v24.1.0",
    pulumi: "3.259.0",
    plugins: "stand-in plugins (tls 5.5.0)",
  },
  rows,
});

const wallTime: Row = { figure: "wall time", value: 12, unit: "ms", atMost: 10, reason: "it sleeps." };

test("a section says when, on what machine and why a figure is missed", () => {
  const [, text = ""] = updatePage("", section("start", wallTime)).split("\n## ");
  expect(text.split("\n")).toEqual([
    "start",
    "",
    "2026-11-26, 2 cores of Some CPU, 24 GB, Linux x64, Node v24.1.0, Pulumi 3.259.0 with stand-in plugins (tls 5.5.0).",
    "",
    "| figure    | measured | must be       |        |",
    "| --------- | -------- | ------------- | ------ |",
    "| wall time | 12 ms    | at most 10 ms | missed |",
    "",
    "- wall time is missed: it sleeps.",
    "",
  ]);
});

test("a figure that is met needs no reason", () => {
  expect(updatePage("", section("start", { ...wallTime, value: 9 }))).not.toContain("sleeps");
});

test("a run writes its own section and leaves the others alone, in the order of their names", () => {
  const first = updatePage(updatePage("", section("stack", wallTime)), section("audit", wallTime));
  const again = updatePage(first, section("stack", { ...wallTime, value: 9 }));
  expect(again.match(/^#+ .*/gm)).toEqual(["# Benchmarks", "## audit", "## stack"]);
  expect(again.split("\n## ")[1]).toBe(first.split("\n## ")[1]);
  expect(again.split("\n## ")[2]).toContain("| wall time | 9 ms");
});
