import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readArguments } from "../../../sandbox/commands/arguments.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { type FaultName, faultNames } from "../../../sandbox/faultTable/fault.ts";
import { fillMatrix, type MatrixRow } from "../../../sandbox/faultTable/matrix.ts";
import { titleOf } from "../../../sandbox/faultTable/requestRow.ts";
import { pageFiles, symbolOf } from "../../../sandbox/faultTable/table.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";

// One cell a row; `npm run faults` runs them all and writes the page.
const { plugins } = readArguments([], process.env);
const page = readPage(readFileSync(join(repository, pageFiles[plugins]), "utf8"));
const expected = page.map(({ request, symbols }, index) => {
  const possible = faultNames.filter((fault) => symbols[fault] !== "–");
  const fault = possible[index % possible.length]!;
  return { request, fault, symbol: symbols[fault], problems: [] };
});

let sandboxes: readonly Sandbox[];

beforeAll(async () => {
  sandboxes = await Promise.all([createSandbox(), createSandbox()]);
});

afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

test("the page has a fault of each kind to try, and survives them all", () => {
  expect(new Set(expected.map(({ fault }) => fault))).toEqual(new Set(faultNames));
  expect(
    page.flatMap(({ symbols }) => Object.values(symbols)).filter((symbol) => /[✗?]/.test(symbol)),
  ).toEqual([]);
});

test("each request of a stack's life is on the page, and survives the fault that falls to it as the page says", async () => {
  const faults = new Map(expected.map(({ request, fault }) => [request, [fault]]));
  const rows = await fillMatrix({
    sandboxes,
    choose: (row) => faults.get(nameOf(row)) ?? [],
  });

  const came = rows.flatMap((row) =>
    faultNames.flatMap((fault) => {
      const recovery = row.cells[fault];
      return recovery
        ? [{ request: nameOf(row), fault, symbol: symbolOf(recovery), problems: recovery.problems }]
        : [];
    }),
  );
  expect(rows.map(nameOf).toSorted()).toEqual(page.map(({ request }) => request).toSorted());
  expect(came.toSorted(byRequest)).toEqual(expected.toSorted(byRequest));
}, 1_800_000);

interface PageRow {
  /** The section's title and the request's. */
  readonly request: string;
  readonly symbols: Readonly<Record<FaultName, string>>;
}

function readPage(text: string): readonly PageRow[] {
  const [, ...sections] = text.split(/^## /m);
  return sections.flatMap((section) => {
    const [phase = "", ...lines] = section.split("\n");
    return lines.flatMap((line) => {
      const [, title, cells] = /^\| `(.*?)` +\| (.*) \|$/.exec(line) ?? [];
      if (title === undefined || cells === undefined) return [];
      const symbols = cells.split("|").map((cell) => cell.trim());
      return [
        {
          request: `${phase}: ${title}`,
          symbols: Object.fromEntries(faultNames.map((fault, column) => [fault, symbols[column] ?? "?"])),
        },
      ] as PageRow[];
    });
  });
}

function nameOf({ phase, request }: Pick<MatrixRow, "phase" | "request">): string {
  return `${phase.name}: ${titleOf(request)}`;
}

function byRequest(a: { readonly request: string }, b: { readonly request: string }): number {
  return a.request.localeCompare(b.request);
}
