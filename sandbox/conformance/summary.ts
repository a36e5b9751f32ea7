import { counted } from "../../common/counted.ts";
import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import { conformanceCases } from "./cases.ts";
import { describeKind } from "./page.ts";
import type { Report } from "./report.ts";

type Outcome = Report["cases"][number]["outcome"];

const words: Readonly<Record<Outcome, string>> = {
  same: "the same",
  different: "different",
  notPermitted: "not permitted to you",
  notPrepared: "could not be prepared",
  notAsked: "not asked for",
  notFitting: "not for this kind of tenant",
  notReached: "not reached",
};

/** An outcome in words. */
export function describeOutcome(outcome: Outcome): string {
  return words[outcome];
}

/** A report as Markdown for an issue. It has nothing that the report does not have. */
export function reportMarkdown(report: Report): string {
  const rows = report.cases
    .filter(({ outcome }) => outcome === "different" || outcome === "notPrepared")
    .flatMap(({ id, outcome, request, differences }) =>
      outcome === "notPrepared"
        ? [[id, beliefsOf(id), cell(request ?? ""), describeOutcome(outcome), "", ""]]
        : differences.map(({ request: about, what, sandbox, tenant }) => [
            id,
            beliefsOf(id),
            cell(about),
            cell(what),
            cell(sandbox ?? "nothing"),
            cell(tenant ?? "nothing"),
          ]),
    );
  return `${[
    `Conformance on ${report.day}, exchange-auth ${report.version}: a tenant ${describeKind(report.kind)}${report.server === "microsoft" ? "" : ", not of Microsoft's"}.`,
    outcomesOf(report),
    ...(rows.length === 0
      ? []
      : [alignedMarkdownTable(["Case", "Beliefs", "Request", "What", "Sandbox", "Tenant"], rows)]),
  ].join("\n\n")}\n`;
}

function outcomesOf({ cases }: Report): string {
  const counts = Object.keys(words).flatMap((outcome) => {
    const count = cases.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : [`${counted(count, "case")} ${words[outcome as Outcome]}`];
  });
  return `${counts.join(", ")}.`;
}

function beliefsOf(caseId: string): string {
  return conformanceCases.find(({ id }) => id === caseId)?.beliefs?.join(", ") ?? "";
}

/** A text in a cell of a table, as code. */
function cell(text: string): string {
  return `\`${text.replaceAll("|", "/").replaceAll("`", "'")}\``;
}
