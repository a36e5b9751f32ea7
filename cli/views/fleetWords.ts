import { counted } from "../../common/counted.ts";
import { clipped } from "../../common/foreignText.ts";
import { timeInWords } from "../../common/time.ts";
import type { Severity } from "../../operations/findings/finding.ts";
import { severities } from "../../operations/findings/finding.ts";
import { neverBegan } from "../../operations/fleet/fleetDocument.ts";
import type { KnownFinding } from "../../operations/fleet/fleetChanges.ts";
import type { FleetReport, FleetSummary } from "../../operations/fleet/fleetSummary.ts";
import { type FleetTenant, type TenantState, tenantStates } from "../../operations/fleet/fleetTenant.ts";

/** What people read for each state. */
export const stateWords: Readonly<Record<TenantState, string>> = {
  notRead: "not read",
  findings: "with findings",
  expiring: "expiring",
  neverDeployed: "never deployed",
  stale: "older than a day",
  partial: "checked in part",
  inOrder: "in order",
};

/** As in "3 stacks: 1 not read, 2 in order". */
export function totalsText({ tenants, totals }: FleetSummary): string {
  const parts = tenantStates
    .filter((state) => totals[state] > 0)
    .map((state) => `${totals[state]} ${stateWords[state]}`);
  return `${counted(tenants.length, "stack")}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** As in "1 critical, 2 low"; empty without findings. */
function findingsText({ findings }: Pick<FleetTenant, "findings">): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return severities
    .toReversed()
    .filter((severity) => count(severity) > 0)
    .map((severity) => `${count(severity)} ${severity}`)
    .join(", ");
}

/** What changed since the last report, in groups with a title; a group can be empty. */
export function changeGroups({
  appeared,
  cameBack,
  gone,
  missing,
  removed,
  resolved,
  unknown,
}: NonNullable<FleetReport["changes"]>): readonly {
  readonly title: string;
  readonly lines: readonly string[];
  /** Whether somebody has to look at it. */
  readonly isNews: boolean;
}[] {
  return [
    { title: "New", lines: appeared.map(changeText), isNews: true },
    { title: "Came back", lines: cameBack.map(changeText), isNews: true },
    { title: "Not in this report", lines: missing.map((stack) => `stack ${stack}`), isNews: true },
    {
      title: "No longer checked",
      lines: [...removed.map((stack) => `stack ${stack}`), ...gone.map(changeText)],
      isNews: false,
    },
    { title: "Not read this time", lines: unknown.map(changeText), isNews: false },
    { title: "Resolved", lines: resolved.map(changeText), isNews: false },
  ];
}

/** Our own word comes first: a name of a colon would make a runner's command of the next. */
function changeText({ stack, severity, title, subject }: KnownFinding): string {
  return `${severity}: ${stack}: ${title} (${subject})`;
}

/** The columns of every table of tenants. */
export const fleetColumns = [
  "stack",
  "tenant",
  "state",
  "findings",
  "days left",
  "next rotation",
  "last update",
  "last check",
];

/** A tenant's cells. */
export function fleetCells(tenant: FleetTenant): readonly string[] {
  return [
    tenant.stack,
    tenant.domains.join(", "),
    stateWords[tenant.state],
    findingsText(tenant),
    tenant.daysLeft === undefined ? "" : String(tenant.daysLeft),
    day(tenant.nextRotation),
    day(tenant.updated),
    checkInWords(tenant),
  ];
}

/** What ends first, and when, as in "certificate 2, 12 days left"; empty where nothing is known to end. */
export function endInWords({ endsFirst, daysLeft }: Pick<FleetTenant, "endsFirst" | "daysLeft">): string {
  if (endsFirst === undefined || daysLeft === undefined) return "";
  return `${endsFirst}, ${daysLeft < 0 ? "ended" : `${counted(daysLeft, "day")} left`}`;
}

/** When the last check began, as people say it. */
export function checkInWords({ began }: Pick<FleetTenant, "began">): string {
  return began === neverBegan ? "never" : timeInWords(began);
}

function day(time: string | undefined): string {
  return time === undefined ? "" : clipped(timeInWords(time), 10);
}
