import type { PreflightResult } from "../../operations/preflight/preflight.ts";
import type { Finding } from "../../operations/preflight/finding.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `preflight`. */
export function preflightView({ ok, tenantId, tenantDomain, deployer, findings }: PreflightResult): string {
  const lines = [
    good(`signed in to ${tenantDomain ? `${tenantDomain} (${tenantId})` : tenantId} as ${deployer}`),
    ...findings.map(line),
    "",
    ok ? "Nothing stands in the way of `pulumi up`." : "`pulumi up` would fail. Nothing was created.",
  ];
  return `${lines.join("\n")}\n`;
}

function line(finding: Finding): string {
  if (finding.kind === "passed") return good(finding.message);
  const mark = finding.kind === "obstacle" ? bad : skipped;
  return `${mark(finding.message)}\n  ${finding.remedy}`;
}
