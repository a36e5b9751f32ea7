import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import { criticalPermissionValues } from "../../microsoft/criticalPermissions.ts";
import { identityRules } from "../../operations/audit/identityRules.ts";
import { findingRules } from "../../operations/audit/rules.ts";
import { exchangeRoleRules } from "../../operations/grant/roleRules.ts";
import { timedRoleRules } from "../../operations/timedRoles/timedRoleFindings.ts";
import type { Rule } from "../../operations/findings/finding.ts";

/** docs/findings.md: every finding of an audit, with the words that its reports use. */
export function findingsPage(): string {
  const sections = [
    "# Findings of an audit",
    "For people who read a report of [`exo-auth audit`](audit.md). [Drift](drift.md#what-it-tells-apart) lists its own findings.",
    "## In the application",
    tableOf(findingRules),
    "`EXO-AUDIT-PERMISSION` is critical if the permission is [a critical one](#critical-permissions). `EXO-AUDIT-CERTIFICATE-ENDS` begins when a sixth of the certificate's lifetime is left. It is critical after the end.",
    "## In the roles of Exchange",
    tableOf(exchangeRoleRules),
    "`EXO-AUDIT-EXCHANGE-ROLE-GROUP` and `EXO-AUDIT-EXCHANGE-ROLE` are critical for Organization Management and Role Management.",
    "## In roles with an end",
    tableOf(timedRoleRules),
    "## In a deploying or reading identity",
    "These need [`--identity`](auditIdentities.md).",
    tableOf(Object.values(identityRules)),
    "## Critical permissions",
    "With one, an application can take over the tenant or read everybody's mail. [`no-takeover-permissions`](policies.md#rules) refuses most of them. `*` stands for any text.",
    alignedMarkdownTable(["permissions", "source"], permissionsBySource()),
  ];
  return `${sections.join("\n\n")}\n`;
}

function permissionsBySource(): readonly (readonly string[])[] {
  const sources = new Set(criticalPermissionValues.map(({ source }) => source));
  return [...sources].map((source) => {
    const values = criticalPermissionValues.filter((one) => one.source === source).map(({ value }) => value);
    return [`\`${values.join("`, `")}\``, `<${source}>`];
  });
}

function tableOf(rules: readonly Rule[]): string {
  return alignedMarkdownTable(
    ["finding", "what it is", "severity", "why it matters"],
    rules.map(({ id, title, severity, why, source }) => [
      `\`${id}\``,
      `[${title}](${source})`,
      severity,
      why,
    ]),
  );
}
