import { severities } from "../../operations/findings/finding.ts";
import type { FleetReport } from "../../operations/fleet/fleetSummary.ts";
import { tenantStates } from "../../operations/fleet/fleetTenant.ts";
import { firstEnd } from "../../operations/timedRoles/timedRoleStatus.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly help: string;
  /** The name ends with it. @default none */
  readonly unit?: string;
  readonly samples: readonly Sample[];
}

/**
 * A report as OpenMetrics text, as Prometheus reads it:
 * https://prometheus.io/docs/specs/om/open_metrics_spec/.
 */
export function openMetrics(report: FleetReport): string {
  return `${families(report).map(familyText).join("")}# EOF\n`;
}

function families({ tenants, broken }: FleetReport): readonly Family[] {
  return [
    {
      name: "exo_auth_stack_state",
      help: "1 for the state of a stack, 0 for each other state.",
      samples: tenants.flatMap(({ stack, state }) =>
        tenantStates.map((one) => ({ labels: { stack, state: one }, value: one === state ? 1 : 0 })),
      ),
    },
    {
      name: "exo_auth_findings",
      help: "Findings of a stack, by severity.",
      samples: tenants.flatMap(({ stack, findings }) =>
        severities.map((severity) => ({
          labels: { stack, severity },
          value: findings.filter((finding) => finding.severity === severity).length,
        })),
      ),
    },
    {
      name: "exo_auth_not_read",
      help: "What could not be read of a stack.",
      samples: tenants.map(({ stack, unread }) => ({ labels: { stack }, value: unread.length })),
    },
    {
      name: "exo_auth_check_timestamp_seconds",
      unit: "seconds",
      help: "When the last check of a stack began.",
      samples: tenants.map(({ stack, began }) => ({ labels: { stack }, value: secondsOf(began) })),
    },
    {
      name: "exo_auth_certificate_end_timestamp_seconds",
      unit: "seconds",
      help: "When a certificate ends.",
      samples: tenants.flatMap(({ stack, components }) =>
        components.flatMap(({ component, generations }) =>
          generations.map(({ generation, current, notAfter }) => ({
            labels: { stack, component, generation, current: String(current) },
            value: secondsOf(notAfter),
          })),
        ),
      ),
    },
    {
      name: "exo_auth_role_end_timestamp_seconds",
      unit: "seconds",
      help: "When a role of timedRoles ends.",
      samples: tenants.flatMap(({ stack, components }) =>
        components.flatMap(({ component, timedRoles = [] }) =>
          timedRoles.map((role) => ({
            labels: { stack, component, role: role.role },
            value: Math.floor(firstEnd({ timedRoles: [role] }) / 1000),
          })),
        ),
      ),
    },
    {
      name: "exo_auth_broken_files",
      help: "Files of the fleet's folder that could not be read.",
      samples: [{ labels: {}, value: broken.length }],
    },
  ];
}

function familyText({ name, help, unit, samples }: Family): string {
  // Two samples with the same labels, as of two components of one name, would let Prometheus refuse the whole text.
  const values = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = labelsText(labels);
    values.set(key, Math.min(values.get(key) ?? Infinity, value));
  }
  return [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    ...[...values].map(([labels, value]) => `${name}${labels} ${value}`),
    "",
  ].join("\n");
}

function labelsText(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
