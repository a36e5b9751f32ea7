import { markdownTable } from "../../common/markdownTable.ts";
import { clouds } from "../../microsoft/clouds.ts";
import { unverified } from "../tenant/documentation/unverified.ts";
import { beliefsWithoutCase, conformanceCases } from "./cases.ts";
import type { TenantKind } from "./conformanceCase.ts";
import type { Report } from "./report.ts";

/** `docs/conformance.md`: what is known about each belief, from the reports that are checked in. */
export function conformancePage(reports: readonly Report[]): string {
  const ofMicrosoft = reports.filter(({ server }) => server === "microsoft");
  return `${[
    "# What is confirmed in tenants of Microsoft's",
    "For people who want to know how far they can trust the sandbox. `npm run docs` makes this page from the reports in `docs/results/conformance.json`. [The sandbox against a tenant](../sandbox/docs/conformance.md) says how you make a report in ten minutes.",
    runsOf(ofMicrosoft),
    "## Beliefs",
    "No source of Microsoft confirms these behaviors of the sandbox. [Differences](../sandbox/docs/differences.md#what-is-believed-and-not-confirmed) lists what is known about each.",
    markdownTable(
      ["Belief", "What the sandbox's tenant does", "State"],
      unverified.map(({ id, behaviour }) => [`\`${id}\``, behaviour, stateOf(id, ofMicrosoft)]),
    ),
  ].join("\n\n")}\n`;
}

function runsOf(reports: readonly Report[]): string {
  if (reports.length === 0) return "No report has come yet, so every belief is open.";
  return markdownTable(
    ["Day", "Tenant", "Cases the same", "Cases different"],
    reports.map(({ day, kind, cases }) => [
      day,
      describeKind(kind),
      String(cases.filter(({ outcome }) => outcome === "same").length),
      cases
        .filter(({ outcome }) => outcome === "different")
        .map(({ id }) => `\`${id}\``)
        .join(", ") || "none",
    ]),
  );
}

/** What the newest report says that says something; a case of several decides with any difference. */
function stateOf(belief: string, reports: readonly Report[]): string {
  const ids = new Set(
    conformanceCases.filter(({ beliefs }) => beliefs?.includes(belief)).map(({ id }) => id),
  );
  for (const { day, kind, cases } of reports.toReversed()) {
    const outcomes = new Set(cases.filter(({ id }) => ids.has(id)).map(({ outcome }) => outcome));
    const where = `on ${day} in a tenant ${describeKind(kind)}`;
    if (outcomes.has("different")) return `Refuted ${where}`;
    if (outcomes.has("same")) return `Confirmed ${where}`;
  }
  const reason = beliefsWithoutCase[belief];
  if (reason !== undefined) return `Open, without a case. ${reason}`;
  return ids.size === 0 ? "Open, without a case" : "Open";
}

/** A kind of tenant in words. */
export function describeKind({ cloud, exchange, entraIdP2 }: TenantKind): string {
  return `of ${clouds[cloud].title} ${has(exchange, "Exchange Online")} and ${has(entraIdP2, "Entra ID P2")}`;
}

function has(it: boolean, what: string): string {
  return `${it ? "with" : "without"} ${what}`;
}
