import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem, type } from "node:os";
import path from "node:path";

import { alignedMarkdownTable } from "../common/markdownTable.ts";
import { readArguments } from "../sandbox/commands/arguments.ts";
import { findPulumi } from "../sandbox/toolchain/findPulumi.ts";
import { preparePulumiHome } from "../sandbox/workspace/pulumiHome.ts";
import type { Row } from "./benchmark.ts";
import type { BenchmarkResult } from "./results.ts";

/** Where figures come from: without it they mean nothing. */
export type Machine = BenchmarkResult["machine"];

/** The machine that this runs on, with the CLI, the plugins and the language host that are in use there. */
export async function thisMachine(): Promise<Machine> {
  const [cpu] = cpus();
  const cli = await findPulumi();
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const wanted = readArguments([], process.env).plugins;
  const home = await preparePulumiHome(folder, wanted, cli, process.env);
  rmSync(folder, { recursive: true });
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${process.arch}`,
    node: process.version,
    pulumi: cli.version,
    plugins: `${home.plugins}, ${home.languageHost}`,
  };
}

/** Whether a figure is as good as promised; undefined where nothing is promised. */
export function isMet({ value, atMost }: Row): boolean | undefined {
  return atMost === undefined ? undefined : value <= atMost;
}

/** The rows as a Markdown table, which a terminal shows as well as a page. */
export function table(rows: readonly Row[]): string {
  return alignedMarkdownTable(
    ["figure", "measured", "must be", ""],
    rows.map((row) => [
      row.figure,
      quantity(row.value, row.unit),
      row.atMost === undefined ? "" : `at most ${quantity(row.atMost, row.unit)}`,
      verdict(row),
    ]),
  );
}

/** A line for each missed figure whose parts were measured: what it consists of. */
export function misses(rows: readonly Row[]): string {
  return rows
    .filter((row) => isMet(row) === false && row.parts !== undefined)
    .map(({ figure, value, unit, parts = {} }) => {
      const known = Object.entries(parts);
      const rest = value - known.reduce((sum, [, part]) => sum + part, 0);
      const named = [...known, ["the rest", rest] as const];
      return `- ${figure} consists of: ${named.map(([part, of]) => `${part} ${quantity(of, unit)}`).join(", ")}.`;
    })
    .join("\n");
}

function verdict(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return "";
  return met ? "met" : "missed";
}

/** Three digits that count: 0.0123, 1.23, 12.3, 1230. */
function quantity(value: number, unit: Row["unit"]): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return `${Number(value.toFixed(Math.min(digits, 4)))} ${unit}`;
}
