import type { Outcome } from "../command.ts";
import type { Rule } from "../../operations/findings/finding.ts";
import type { Format } from "./formats.ts";
import { format, parseFormat } from "./formats.ts";
import type { PrintedReport } from "./printedReport.ts";
import type { FailOn } from "./verdict.ts";
import { parseFailOn, verdict } from "./verdict.ts";

/** How a run reports what it finds. */
export interface Reporting {
  readonly format: Format;
  readonly failOn: FailOn;
  /** Whether SARIF has what is accepted, too. */
  readonly keepAccepted: boolean;
}

/** Reads the options that say how to report. @throws Failure */
export function readReporting(values: {
  readonly format: string;
  readonly "fail-on": string;
  readonly "keep-accepted"?: boolean | undefined;
}): Reporting {
  return {
    format: parseFormat(values.format),
    failOn: parseFailOn(values["fail-on"]),
    keepAccepted: values["keep-accepted"] === true,
  };
}

/**
 * A command's outcome.
 *
 * @param document for JSON
 */
export async function findingsOutcome(
  name: string,
  report: PrintedReport,
  rules: readonly Rule[],
  { format: wanted, failOn, keepAccepted }: Reporting,
  document: Readonly<Record<string, unknown>> = { ...report },
): Promise<Outcome> {
  const text = await format({ command: { name }, report, rules, keepAccepted, document }, wanted);
  return {
    exitCode: verdict(report.sections, failOn),
    document,
    text,
    ...(wanted === "text" ? {} : { piped: text }),
  };
}
