import { counted } from "../../common/counted.ts";
import { clipped } from "../../common/foreignText.ts";
import { timeInWords } from "../../common/time.ts";
import type { Severity } from "../../operations/findings/finding.ts";
import { severities } from "../../operations/findings/finding.ts";
import type { FleetSummary } from "../../operations/fleet/fleetSummary.ts";
import { type FleetTenant, type TenantState, tenantStates } from "../../operations/fleet/fleetTenant.ts";

/** What people read for each state. */
const stateWords: Readonly<Record<TenantState, string>> = {
  notRead: "not read",
  findings: "findings",
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
    timeInWords(tenant.began),
  ];
}

function day(time: string | undefined): string {
  return time === undefined ? "" : clipped(timeInWords(time), 10);
}
