import { usageFailure } from "../../common/failure.ts";
import { visibleValues } from "../../common/foreignText.ts";
import type { Command } from "../command.ts";
import type { Rule } from "../../operations/findings/finding.ts";
import type { PrintedReport } from "./printedReport.ts";

/** How findings can be printed. */
export const formats = ["text", "json", "junit", "sarif", "markdown"] as const;

/** One of `formats`. */
export type Format = (typeof formats)[number];

/** What is to be printed. */
export interface Printed {
  readonly command: Pick<Command, "name">;
  readonly report: PrintedReport;
  /** Every kind of finding that there could have been. */
  readonly rules: readonly Rule[];
  /** For JSON. @default the report */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Whether SARIF has what is accepted, too. @default false */
  readonly keepAccepted?: boolean;
}

/** Reads the value of `--format`. @throws Failure */
export function parseFormat(text: string): Format {
  const found = formats.find((one) => one === text);
  if (found) return found;
  throw usageFailure(`--format must be one of ${formats.join(", ")}, got "${text}".`);
}

/** A report in a format; each is loaded only where it is wanted. */
export async function format(printed: Printed, wanted: Format): Promise<string> {
  const { command, rules } = printed;
  const report = visibleValues(printed.report);
  switch (wanted) {
    case "json": {
      const { resultDocument } = await import("../output.ts");
      return resultDocument(command, { document: printed.document ?? { ...printed.report } });
    }
    case "junit":
      return (await import("./junit.ts")).junit(command.name, report);
    case "sarif":
      return (await import("./sarif.ts")).sarif(command.name, report, rules, printed.keepAccepted);
    case "markdown":
      return (await import("./markdown.ts")).markdown(command.name, report);
    default: {
      const { findingsView } = await import("../views/findingsView.ts");
      const { tenantWideView } = await import("../views/tenantWideView.ts");
      return findingsView(command.name, report) + tenantWideView(report.tenantWide ?? []);
    }
  }
}
