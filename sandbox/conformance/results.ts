import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { repository } from "../workspace/sandboxFolder.ts";
import { SandboxError } from "../sandboxError.ts";
import { Report } from "./report.ts";

/** Where the reports are that are checked in. */
export const resultsFile = join(repository, "docs/results/conformance.json");

const Results = v.strictObject({ reports: v.array(Report) });

/** The reports that are checked in, the oldest first. @throws where one has another form */
export function readReports(file = resultsFile): readonly Report[] {
  return v.parse(Results, JSON.parse(readFileSync(file, "utf8"))).reports;
}

/** Writes the reports that are checked in. */
export function writeReports(reports: readonly Report[], file: string): void {
  writeFileSync(file, `${JSON.stringify({ reports }, undefined, 2)}\n`);
}

/** Reads a report that somebody has sent. @throws SandboxError where it is none, or names a tenant */
export function readReport(name: string, text: string): Report {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Report), text);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new SandboxError(
      `${name} must be a report of npm run conformance, got ${v.getDotPath(issue) ?? "other text"}: ${issue.message}`,
    );
  }
  const named = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|\w@\w|\w\.onmicrosoft\.|https?:/i.exec(text);
  if (named === null) return parsed.output;
  throw new SandboxError(`${name} must have no ID, domain or address, got "${named[0]}". Remove it.`);
}

/** Adds a report; one that is there already is added once. */
export function withReport(reports: readonly Report[], report: Report): readonly Report[] {
  const text = JSON.stringify(report);
  return [...reports.filter((other) => JSON.stringify(other) !== text), report].toSorted((one, other) =>
    one.day.localeCompare(other.day),
  );
}
