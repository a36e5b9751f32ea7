import { styleText } from "node:util";
import type { Finding, Section } from "../../operations/findings/finding.ts";
import { cleanText } from "../findings/cleanText.ts";
import { type PrintedReport, type PrintedSection, sectionTitle } from "../findings/printedReport.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of findings. */
export function findingsView(command: string, { project, stack, sections }: PrintedReport): string {
  return `Stack ${stack} of project ${project}\n\n${sections.map((section) => view(command, section)).join("\n\n")}\n`;
}

function view(command: string, section: PrintedSection): string {
  const { findings, accepted, unread, notes } = section;
  const clean = cleanText(section.command ?? command, section);
  return [
    styleText("bold", sectionTitle(section), { validateStream: false }),
    ...findings.flatMap(lines),
    ...unread.filter(({ code }) => code !== undefined).map(({ reason }) => bad(reason)),
    ...unreadLines(unread.filter(({ optional, code }) => optional !== true && code === undefined)).map(
      (text) => bad(`could not be read: ${text}`),
    ),
    ...unreadLines(unread.filter(({ optional }) => optional === true)).map((text) =>
      skipped(`not read: ${text}`),
    ),
    ...accepted.map(({ title, subject, until, reason }) =>
      skipped(`accepted until ${until}: ${title} ${subject}: ${reason}`),
    ),
    ...notes.map(skipped),
    ...(clean === undefined ? [] : [good(clean)]),
  ].join("\n");
}

/** One line for each reason, with all that it keeps from being read. */
function unreadLines(unread: Section["unread"]): readonly string[] {
  return [...new Set(unread.map(({ reason }) => reason))].map((reason) => {
    const parts = unread.filter((one) => one.reason === reason).map(({ check }) => check);
    return `${[...new Set(parts)].join(", ")}: ${reason}`;
  });
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
