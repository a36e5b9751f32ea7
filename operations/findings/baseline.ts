import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import { visible } from "../../common/foreignText.ts";
import { foldersOfProject } from "../../stack/projectFile.ts";
import type { AcceptedFinding, Finding, Section } from "./finding.ts";
import { errorMessage } from "../../common/errorMessage.ts";

/** Findings that a project accepts, until a day. */
export type Baseline = v.InferOutput<typeof Baseline>["accept"];

/** The baseline's name, in the Pulumi project's folder. */
const baselineFile = ".exo-auth";

const Baseline = v.strictObject({
  accept: v.array(
    v.strictObject({
      id: v.pipe(
        v.string(),
        v.regex(/^EXO-[A-Z-]+$/, "must be the ID of a finding, such as EXO-AUDIT-APPLICATION-OWNER"),
      ),
      subject: v.pipe(v.string(), v.nonEmpty("is empty")),
      reason: v.pipe(v.string(), v.trim(), v.nonEmpty("is empty")),
      until: v.pipe(v.string(), v.check(isDay, "must be a day, such as 2027-03-31")),
    }),
  ),
});

/**
 * Reads the baseline of a folder in a project, found as Pulumi finds Pulumi.yaml: in the folder, or above it up to the
 * project's own. Empty where there is none.
 *
 * @throws Failure
 */
export async function readBaseline(folder: string | undefined): Promise<Baseline> {
  for (const place of await foldersOfProject(folder ?? "")) {
    const file = join(place, baselineFile);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw invalid(file, [errorMessage(error)]);
    });
    if (text !== undefined) return parseBaseline(file, text);
  }
  return [];
}

/** As `readBaseline`, from the file's text. @throws Failure with everything that is wrong */
export async function parseBaseline(file: string, text: string): Promise<Baseline> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { schema: "core" });
  if (document.errors.length > 0)
    throw invalid(
      file,
      document.errors.map(({ message }) => message),
    );
  const parsed = v.safeParse(Baseline, document.toJS());
  if (parsed.success) return parsed.output.accept;
  throw invalid(file, parsed.issues.map(problemOf));
}

/** The schema's own words where it has some; its library's say what it expected, for whoever writes schemas. */
function problemOf(issue: v.InferIssue<typeof Baseline>): string {
  const place = v.getDotPath(issue);
  if (issue.type === "strict_object" && issue.expected === "never") return `\`${place}\` is unknown`;
  if (issue.kind === "validation") return `\`${place}\` ${issue.message}`;
  if (place === null) return "it must have the list `accept`";
  return issue.received === "undefined"
    ? `\`${place}\` is missing`
    : `\`${place}\` must be ${kinds[issue.expected ?? ""] ?? "something else"}, got ${issue.received}`;
}

const kinds: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an entry with properties",
  string: "a text",
};

/** Whether the calendar has it: 2027-02-31 would pass for a day of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
}

/** Takes accepted findings out of a section's findings. A day that has passed accepts nothing. */
export function accept(section: Section, baseline: Baseline, now: Date): Section {
  const today = now.toISOString().slice(0, 10);
  const accepted: AcceptedFinding[] = [];
  const findings: Finding[] = [];
  for (const finding of section.findings) {
    const entry = baseline.find(
      ({ id, subject, until }) => id === finding.id && isSame(subject, finding.subject) && today <= until,
    );
    if (entry === undefined) findings.push(finding);
    else accepted.push({ ...finding, reason: entry.reason, until: entry.until });
  }
  return { ...section, findings, accepted: [...section.accepted, ...accepted] };
}

/** A subject is accepted as it is, or as it was shown. */
function isSame(accepted: string, subject: string): boolean {
  return accepted === subject || accepted === visible(subject);
}

function invalid(file: string, problems: readonly string[]): Failure {
  return new Failure(
    "EXO_AUTH_FILE",
    `The baseline "${file}" cannot be used: ${problems.join("; ")}. Each entry of \`accept\` needs \`id\`, \`subject\`, \`reason\` and \`until\`.`,
    { reason: "configuration" },
  );
}
