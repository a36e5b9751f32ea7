import { markdownTable } from "../../common/markdownTable.ts";
import { cellText } from "./cell.ts";
import { cleanText } from "./cleanText.ts";
import { tenantWideLines, tenantWideTitle } from "../views/tenantWideView.ts";
import { type PrintedReport, type PrintedSection, sectionTitle } from "./printedReport.ts";

/** A report as Markdown, for the comment on a pull request or a job's summary. */
export function markdown(
  command: string,
  { project, stack, sections, tenantWide = [] }: PrintedReport,
): string {
  const parts = [
    ...sections.map((section) => part(command, section)),
    ...tenantWide.map((tenant) => `### ${text(tenantWideTitle(tenant))}\n\n${list(tenantWideLines(tenant))}`),
  ];
  return `## exo-auth ${command}: stack ${text(stack)} of project ${text(project)}

${parts.join("\n\n")}
`;
}

function part(command: string, section: PrintedSection): string {
  const { findings, accepted, unread, notes } = section;
  const tables = [
    table(
      ["severity", "finding", "found", "declared", "remedy"],
      findings.map(({ severity, id, title, found, declared, remedy }) => [
        severity,
        `${text(title)} (${code(id)})`,
        text(found),
        text(declared),
        code(remedy),
      ]),
    ),
    table(
      ["could not be read", "reason"],
      unread.map(({ check, reason }) => [text(check), text(reason)]),
    ),
    table(
      ["accepted", "found", "until", "reason"],
      accepted.map(({ title, found, until, reason }) => [
        text(title),
        text(found),
        text(until),
        text(reason),
      ]),
    ),
    list(notes),
  ].filter((block) => block !== "");
  const clean = cleanText(section.command ?? command, section);
  return [
    `### ${text(sectionTitle(section))}`,
    ...(clean === undefined ? [] : [`${clean}.`]),
    ...tables,
  ].join("\n\n");
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${text(line)}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : markdownTable(head, rows);
}

/**
 * A text for a Markdown page. What comes from a tenant stays text: no markup, no list or code block at its start, no link,
 * no mention, no further cell, and no formula where somebody copies the table into a spreadsheet.
 */
export function text(value: string): string {
  return cellText(value)
    .replace(/^(\d+)\./, "$1\\.")
    .replaceAll(/[\\`*_{}[\]()<>#+!|~&]/g, (character) => `\\${character}`)
    .replaceAll(/:(?=\/\/)|(?<=www)\./gi, (character) => `\\${character}`)
    .replaceAll("@", "@<!-- -->");
}

/** A text as code in a Markdown page, or in a table's cell; as text where it has what ends a cell, in code too. */
export function code(value: string): string {
  if (value.includes("|")) return text(value);
  const runs = [...value.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const padding = runs.length > 0 ? " " : "";
  return `${fence}${padding}${value}${padding}${fence}`;
}
