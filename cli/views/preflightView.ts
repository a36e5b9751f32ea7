import type { PreflightResult } from "../../operations/preflight/preflight.ts";
import type { CheckResult, Obstacle } from "../../operations/preflight/checkResult.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `preflight`. */
export function preflightView({ ok, tenantId, tenantDomain, deployer, findings }: PreflightResult): string {
  const lines = [
    good(`signed in to ${tenantDomain ? `${tenantDomain} (${tenantId})` : tenantId} as ${deployer}`),
    ...findings.map(line),
    "",
    ok ? "Nothing stops `pulumi up`." : verdict(findings),
  ];
  return `${lines.join("\n")}\n`;
}

/** What an update would do that does not simply fail. */
const consequences: Partial<Record<Obstacle, string>> = {
  outdatedConfiguration: "remove the certificate in use",
  certificateReplaced: "replace a certificate",
  applicationOrphaned: "create a second application",
  applicationDeleted: "not bring the application back",
  roleWouldPause: "take a role away for a while",
};

function verdict(findings: readonly CheckResult[]): string {
  const causes = findings.flatMap((finding) => (finding.kind === "obstacle" ? [finding.cause] : []));
  const failing = causes.some((cause) => consequences[cause] === undefined);
  const words = [...new Set(failing ? ["fail"] : causes.flatMap((cause) => consequences[cause] ?? []))];
  return `\`pulumi up\` would ${words.join(" and ")}. Nothing was changed.`;
}

function line(finding: CheckResult): string {
  if (finding.kind === "passed") return good(finding.message);
  const mark = finding.kind === "obstacle" ? bad : skipped;
  return `${mark(finding.message)}\n  ${finding.remedy}`;
}
