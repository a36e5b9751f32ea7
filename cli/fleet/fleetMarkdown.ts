import { counted } from "../../common/counted.ts";
import { markdownTable } from "../../common/markdownTable.ts";
import type { FleetReport } from "../../operations/fleet/fleetSummary.ts";
import type { FleetTenant } from "../../operations/fleet/fleetTenant.ts";
import { applicationPart } from "../discovery/markdown.ts";
import { code, text } from "../findings/markdown.ts";
import { changeGroups, endInWords, fleetCells, fleetColumns, totalsText } from "../views/fleetWords.ts";

/** A report as Markdown, for a job's summary or an issue. */
export function fleetMarkdown(report: FleetReport): string {
  const { tenants, broken, changes } = report;
  const blocks = [
    `## exo-auth fleet report: ${text(totalsText(report))}`,
    ...(changes === undefined
      ? []
      : changeGroups(changes).flatMap(({ title, lines }) => group(title, lines))),
    ...group(
      "Files that could not be read",
      broken.map(({ file, reason }) => `${file}: ${reason}`),
    ),
    tenants.length === 0
      ? ""
      : markdownTable(
          fleetColumns,
          tenants.map((tenant) => fleetCells(tenant).map(text)),
        ),
    ...tenants.flatMap(details),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** So many characters of an issue are left for what else it says: GitHub takes 65,536 in all. */
const mostOfAnIssue = 50_000;

/** What is new since the last report, as Markdown for an issue; empty where nothing is. */
export function fleetNews({ changes }: FleetReport): string {
  const groups = (changes === undefined ? [] : changeGroups(changes)).filter(({ isNews }) => isNews);
  const blocks = groups.flatMap(({ title, lines }) => group(title, lines));
  let length = 0;
  const fits = (line: string): boolean => (length += line.length + 1) <= mostOfAnIssue;
  const all = blocks.flatMap((block) => [...block.split("\n"), ""]);
  const kept = all.filter(fits);
  const left = all.filter(Boolean).length - kept.filter(Boolean).length;
  const more = left === 0 ? [] : ["", `${left} more are in the report.`, ""];
  return [...kept, ...more].join("\n");
}

function group(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`### ${title}`, lines.map((line) => `- ${text(line)}`).join("\n")];
}

function details(tenant: FleetTenant): readonly string[] {
  const { stack, state, findings, unread, applications = [] } = tenant;
  const undeclared = applications.filter(({ isDeclared }) => !isDeclared);
  const lines = [
    ...(state === "expiring" ? [`- ends first: ${text(endInWords(tenant))}`] : []),
    ...findings.map(
      ({ severity, title, id, found, remedy }) =>
        `- ${severity}: ${text(title)} (${code(id)}): ${text(found)}. Remedy: ${code(remedy)}`,
    ),
    ...unread.map(({ check, reason }) => `- not read: ${text(check)}: ${text(reason)}`),
  ];
  if (lines.length === 0 && undeclared.length === 0) return [];
  return [
    `### ${text(stack)}`,
    ...(lines.length === 0 ? [] : [[...new Set(lines)].join("\n")]),
    ...(undeclared.length === 0
      ? []
      : [
          `The stack does not declare ${counted(undeclared.length, "application")} that may act on Exchange:`,
        ]),
    ...undeclared.map((application) => applicationPart(application, "####", stack)),
  ];
}
