import { usageFailure } from "../../common/failure.ts";
import { visibleValues } from "../../common/foreignText.ts";
import type { FleetReport } from "../../operations/fleet/fleetSummary.ts";

/** How a fleet's report can be printed. */
const formats = ["text", "json", "markdown", "openmetrics"] as const;

/** One of `formats`. */
export type FleetFormat = (typeof formats)[number];

/** Reads the value of `--format`. @throws Failure */
export function parseFleetFormat(text: string): FleetFormat {
  const found = formats.find((one) => one === text);
  if (found) return found;
  throw usageFailure(`--format must be one of ${formats.join(", ")}, got "${text}".`);
}

/** What is printed instead of what a person reads on a terminal; undefined where that is wanted. */
export async function printedFleet(report: FleetReport, format: FleetFormat): Promise<string | undefined> {
  if (format === "text") return undefined;
  if (format === "markdown") return (await import("./fleetMarkdown.ts")).fleetMarkdown(visibleValues(report));
  if (format === "openmetrics") return (await import("./openMetrics.ts")).openMetrics(visibleValues(report));
  const { resultDocument } = await import("../output.ts");
  return resultDocument({ name: "fleet report" }, { document: { ...report } });
}

/** What is new as Markdown for an issue; empty where nothing is. */
export async function fleetIssue(report: FleetReport): Promise<string> {
  return (await import("./fleetMarkdown.ts")).fleetNews(visibleValues(report));
}

/** The report as one HTML page. */
export async function fleetHtml(report: FleetReport): Promise<string> {
  return (await import("./page/fleetPage.ts")).fleetPage(visibleValues(report));
}
