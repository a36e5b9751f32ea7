import { usageFailure } from "../../common/failure.ts";
import { compareFleet, historyOf } from "./fleetChanges.ts";
import type { FleetDocument } from "./fleetDocument.ts";
import { readFleetFolder, readHistory, writeHistory } from "./fleetFolder.ts";
import { type FleetReport, fleetSummary } from "./fleetSummary.ts";

/** What `fleet report` is asked to do. */
export interface FleetReportOptions {
  /** The documents of `fleet check --out`, those of a pipeline's jobs in folders of their own. */
  readonly folder: string;
  /** The folder of the report before. @default nothing is compared */
  readonly since?: string | undefined;
  readonly now: () => Date;
}

/** A report, with the documents that it is made of. */
export interface FleetReportResult {
  readonly report: FleetReport;
  readonly documents: readonly FleetDocument[];
}

/**
 * Puts the documents of a fleet together. With `since`, what the next report compares with is kept in the folder.
 *
 * @throws Failure where a folder or what it remembers cannot be read or written, or has no documents
 */
export async function fleetReport({ folder, since, now }: FleetReportOptions): Promise<FleetReportResult> {
  const { documents, broken } = await readFleetFolder(folder, now());
  if (documents.length === 0 && broken.length === 0) {
    throw usageFailure(
      `The folder "${folder}" has no documents of a fleet. Run \`exo-auth fleet check --out ${folder}\` first.`,
    );
  }
  const report = fleetSummary(documents, broken, now());
  if (since === undefined) return { report, documents };
  const last = await readFleetFolder(since, now());
  const before = (await readHistory(since)) ?? historyOf(last.documents);
  const { changes, history } = compareFleet(documents, before);
  await writeHistory(folder, history);
  const missing = last.documents
    .map(({ stack }) => stack)
    .filter((name) => !documents.some(({ stack }) => stack === name));
  return { report: { ...report, changes: { ...changes, missing } }, documents };
}
