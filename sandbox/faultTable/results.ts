import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

import type { PluginSource } from "../commands/arguments.ts";
import { repository } from "../workspace/sandboxFolder.ts";
import type { Recovery } from "./cell.ts";
import { type FaultName, faultNames } from "./fault.ts";
import type { MatrixRow } from "./matrix.ts";
import { phases } from "./phase.ts";
import { titleOf } from "./requestRow.ts";
import { symbolOf } from "./symbol.ts";

/** What `npm run faults` found out, as it is checked in. */
export type FaultResults = v.InferOutput<typeof FaultResults>;

const Phases = v.array(
  v.strictObject({
    name: v.string(),
    requests: v.array(
      v.strictObject({
        request: v.string(),
        /** The cell's symbol by fault; none where the request knows no such answer. */
        cells: v.record(v.picklist(faultNames), v.string()),
      }),
    ),
  }),
);

const FaultResults = v.strictObject({
  /** Which plugins ran. */
  plugins: v.picklist(["stand-in", "official"]),
  phases: Phases,
});

/** What `npm run faults:grant` found out, as it is checked in: `exo-auth grant` runs without plugins. */
export type GrantFaultResults = v.InferOutput<typeof GrantFaultResults>;

const GrantFaultResults = v.strictObject({ phases: Phases });

/** One request with what each fault on it came to. */
export interface FilledRow {
  /** The phase's name. */
  readonly phase: string;
  /** As the page names it. */
  readonly request: string;
  readonly cells: Partial<Record<FaultName, Recovery>>;
}

const files: Readonly<Record<PluginSource, string>> = {
  "stand-in": join(repository, "docs/results/faults.json"),
  official: join(repository, "docs/results/faultsOfficial.json"),
};

/** Reads what is checked in. @throws where it has another form */
export function readFaultResults(plugins: PluginSource): FaultResults {
  return v.parse(FaultResults, JSON.parse(readFileSync(files[plugins], "utf8")));
}

/** Writes what a run found out, to be checked in. */
export function writeFaultResults(results: FaultResults): void {
  writeFileSync(files[results.plugins], `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Reads what is checked in of `exo-auth grant`. @throws where it has another form */
export function readGrantFaults(): GrantFaultResults {
  return v.parse(GrantFaultResults, JSON.parse(readFileSync(grantFile, "utf8")));
}

/** Writes what a run found out about `exo-auth grant`, to be checked in. */
export function writeGrantFaults(results: GrantFaultResults): void {
  writeFileSync(grantFile, `${JSON.stringify(results, undefined, 2)}\n`);
}

const grantFile = join(repository, "docs/results/faultsGrant.json");

/** A run's cells as results. */
export function faultResults(rows: readonly MatrixRow[], plugins: PluginSource): FaultResults {
  const filled = rows.map(({ phase, request, cells }) => ({
    phase: phase.name,
    request: titleOf(request),
    cells,
  }));
  return {
    plugins,
    phases: phasesOf(
      phases.map(({ name }) => name),
      filled,
    ),
  };
}

/** Rows as results. @param names of the phases, in the page's order */
export function phasesOf(names: readonly string[], rows: readonly FilledRow[]): FaultResults["phases"] {
  return names.map((name) => ({
    name,
    requests: rows
      .filter(({ phase }) => phase === name)
      .map(({ request, cells }) => ({
        request,
        cells: Object.fromEntries(Object.entries(cells).map(([fault, cell]) => [fault, symbolOf(cell)])),
      })),
  }));
}
