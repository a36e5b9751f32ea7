import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import { visible } from "../../common/foreignText.ts";
import type { AcceptedFinding, Finding, Section } from "./finding.ts";

/** Findings that a project accepts, until a day. */
export type Baseline = v.InferOutput<typeof Baseline>["accept"];

/** The baseline's name, in the Pulumi project's folder. */
const baselineFile = ".exo-auth";

const Baseline = v.strictObject({
  accept: v.array(
    v.strictObject({
      id: v.pipe(
        v.string(),
        v.regex(/^EXO-[A-Z-]+$/, "is no finding's id, as in EXO-AUDIT-APPLICATION-OWNER"),
      ),
      subject: v.pipe(v.string(), v.nonEmpty("is empty")),
      reason: v.pipe(v.string(), v.trim(), v.nonEmpty("is empty")),
      until: v.pipe(v.string(), v.isoDate("is no day, as in 2027-03-31")),
    }),
  ),
});

/** Reads the baseline of a project's folder; none where there is no such file. @throws Failure */
export async function readBaseline(folder: string | undefined): Promise<Baseline> {
  const file = join(folder ?? "", baselineFile);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw invalid(file, [String(error)]);
  }
  return parseBaseline(file, text);
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
  throw invalid(
    file,
    parsed.issues.map((issue) => `\`${v.getDotPath(issue) ?? "the file"}\` ${issue.message}`),
  );
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
    { fault: "configuration" },
  );
}
