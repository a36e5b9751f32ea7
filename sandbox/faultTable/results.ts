import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

import type { PluginSource } from "../commands/arguments.ts";
import { repository } from "../workspace/sandboxFolder.ts";
import { faultNames } from "./fault.ts";
import type { MatrixRow } from "./matrix.ts";
import { phases } from "./phase.ts";
import { titleOf } from "./requestRow.ts";
import { symbolOf } from "./symbol.ts";

/** What `npm run faults` found out, as it is checked in. */
export type FaultResults = v.InferOutput<typeof FaultResults>;

const FaultResults = v.strictObject({
  /** Which plugins ran. */
  plugins: v.picklist(["stand-in", "official"]),
  phases: v.array(
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
  ),
});

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

/** A run's cells as results. */
export function faultResults(rows: readonly MatrixRow[], plugins: PluginSource): FaultResults {
  const requestsOf = (name: string): FaultResults["phases"][number]["requests"] =>
    rows
      .filter(({ phase }) => phase.name === name)
      .map(({ request, cells }) => ({
        request: titleOf(request),
        cells: Object.fromEntries(Object.entries(cells).map(([fault, cell]) => [fault, symbolOf(cell)])),
      }));
  return { plugins, phases: phases.map(({ name }) => ({ name, requests: requestsOf(name) })) };
}
