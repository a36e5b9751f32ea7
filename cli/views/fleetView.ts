import type { FleetReport } from "../../operations/fleet/fleetSummary.ts";
import type { FleetTenant } from "../../operations/fleet/fleetTenant.ts";
import { adoptionLines } from "../discovery/words.ts";
import { changeGroups, endInWords, fleetCells, fleetColumns, totalsText } from "./fleetWords.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of a fleet: a line for each stack, the worst first, then why something was not read. */
export function fleetView(summary: FleetReport): string {
  const { tenants, broken, changes } = summary;
  const rows = [fleetColumns, ...tenants.map(fleetCells)];
  const widths = fleetColumns.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const [head = "", ...lines] = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    totalsText(summary),
    ...(tenants.length === 0 ? [] : ["", `  ${head}`]),
    ...tenants.flatMap((tenant, index) => [marked(tenant, lines[index] ?? ""), ...reasons(tenant)]),
    ...broken.map(({ file, reason }) => bad(`${file} could not be read: ${reason}`)),
    ...(changes === undefined ? [] : changeGroups(changes).flatMap(changed)),
    "",
  ].join("\n");
}

function changed({ title, lines }: ReturnType<typeof changeGroups>[number]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function marked({ state }: FleetTenant, line: string): string {
  if (state === "inOrder") return good(line);
  return state === "stale" || state === "partial" ? skipped(line) : bad(line);
}

function reasons(tenant: FleetTenant): readonly string[] {
  const { stack, state, unread, findings, applications = [] } = tenant;
  return [
    ...(state === "expiring" ? [`    ends first: ${endInWords(tenant)}`] : []),
    ...findings.map(({ severity, title, found }) => `    ${severity}: ${title}: ${found}`),
    ...new Set(unread.map(({ reason }) => `    not read: ${reason}`)),
    ...applications
      .filter(({ isDeclared }) => !isDeclared)
      .map(
        (application) =>
          `    may act on Exchange: ${application.displayName}: ${adoptionLines(application, stack).at(-1)}`,
      ),
  ];
}
