import { styleText } from "node:util";
import type { Finding, Report, Section } from "../../operations/findings/finding.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of findings. */
export function findingsView(command: string, { project, stack, sections }: Report): string {
  return `Stack ${stack} of project ${project}\n\n${sections.map((section) => view(command, section)).join("\n\n")}\n`;
}

function view(command: string, { name, checks, findings, accepted, unread, notes }: Section): string {
  const clean = findings.length === 0 && unread.length === 0;
  return [
    styleText("bold", name, { validateStream: false }),
    ...findings.flatMap(lines),
    ...[...new Set(unread.map(({ reason }) => reason))].map((reason) => {
      const parts = unread.filter((one) => one.reason === reason).map(({ check }) => check);
      return bad(`could not be read: ${[...new Set(parts)].join(", ")}: ${reason}`);
    }),
    ...accepted.map(({ title, subject, until, reason }) =>
      skipped(`accepted until ${until}: ${title} ${subject}: ${reason}`),
    ),
    ...notes.map(skipped),
    ...(clean
      ? [good(`${checks.length} checks, ${command === "drift" ? "no drift" : "nothing found"}`)]
      : []),
  ].join("\n");
}

function lines({
  id,
  subject,
  severity,
  title,
  found,
  declared,
  why,
  source,
  remedy,
}: Finding): readonly string[] {
  return [
    bad(`${severity}: ${title}`),
    `    found     ${found}`,
    `    declared  ${declared}`,
    `    why       ${why} ${source}`,
    `    remedy    ${remedy}`,
    `    accept    ${id} ${subject}`,
  ];
}
