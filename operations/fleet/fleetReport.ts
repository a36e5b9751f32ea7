import { usageFailure } from "../../common/failure.ts";
import { compareFleet, historyOf } from "./fleetChanges.ts";
import { type FleetDocument, neverBegan } from "./fleetDocument.ts";
import { readFleetFolder, readHistory, writeHistory } from "./fleetFolder.ts";
import { type FleetReport, fleetSummary } from "./fleetSummary.ts";

/** What `fleet report` is asked to do. */
export interface FleetReportOptions {
  /** The documents of `fleet check --out`, those of a pipeline's jobs in folders of their own. */
  readonly folder: string;
  /** The folder of the report before. @default nothing is compared */
  readonly since?: string | undefined;
  /** Names of the stacks that were to be checked, separated by commas or spaces. @default those that have a document */
  readonly stacks?: string | undefined;
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
export async function fleetReport(options: FleetReportOptions): Promise<FleetReportResult> {
  const { folder, since, stacks = "", now } = options;
  const { documents: found, broken } = await readFleetFolder(folder, now());
  const wanted = new Set(stacks.split(/[\s,]/).filter(Boolean));
  const absent = [...wanted].filter((name) => !found.some(({ stack }) => stack === name));
  const documents = [...found, ...absent.map(uncheckedStack)];
  if (documents.length === 0 && broken.length === 0) {
    throw usageFailure(
      `The folder "${folder}" has no documents of a fleet. Run \`exo-auth fleet check --out ${folder}\` first.`,
    );
  }
  const report = fleetSummary(documents, broken, now());
  if (since === undefined) return { report, documents };
  const before = (await readHistory(since)) ?? historyOf((await readFleetFolder(since, now())).documents);
  // A list of what was to be checked says of every other stack that it no longer is.
  const isWanted = (stack: string): boolean => wanted.size === 0 || wanted.has(stack);
  const { changes, history } = compareFleet(documents, before, isWanted);
  await writeHistory(folder, history);
  return { report: { ...report, changes }, documents };
}

/** What is known of a stack whose job left no document. */
function uncheckedStack(stack: string): FleetDocument {
  const message =
    "The folder has no document of this stack, so its check did not end. See the log of its job.";
  return {
    fleetVersion: 1,
    stack,
    began: neverBegan,
    parts: [],
    failure: { code: "EXO_AUTH_FILE", message },
  };
}
