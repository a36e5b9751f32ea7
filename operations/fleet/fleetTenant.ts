import { type CheckPart, checkParts } from "../check/check.ts";
import type { DiscoveredApplication } from "../adoption/discover.ts";
import { applicationDeleted } from "../drift/rules.ts";
import { type Finding, type Section, type Severity, severities, type Unread } from "../findings/finding.ts";
import type { ComponentStatus } from "../status.ts";
import { firstEnd } from "../timedRoles/timedRoleStatus.ts";
import type { FleetDocument } from "./fleetDocument.ts";

/**
 * How a stack and its tenant stand, the worst first:
 * - `notRead`: something that is needed could not be read, so nobody knows what it hides;
 * - `findings`: drift, access that nobody declared, or a blocked or deleted application;
 * - `expiring`: a current certificate, or a role of `timedRoles`, ends within 30 days;
 * - `neverDeployed`: the stack has nothing;
 * - `stale`: nothing was found, but that was more than a day ago;
 * - `partial`: nothing was found, but drift, audit or status was left out;
 * - `inOrder`: everything was read, within a day, and nothing was found.
 */
export const tenantStates = [
  "notRead",
  "findings",
  "expiring",
  "neverDeployed",
  "stale",
  "partial",
  "inOrder",
] as const;

/** One of `tenantStates`. */
export type TenantState = (typeof tenantStates)[number];

/** A stack with what its last check came to. */
export interface FleetTenant {
  readonly stack: string;
  /** Empty where the stack could not be read. */
  readonly project: string;
  /** Initial domains of the tenants of its components, without duplicates. */
  readonly domains: readonly string[];
  readonly state: TenantState;
  /** Whether the check is older than a day, whatever else it found. */
  readonly isStale: boolean;
  /** What was looked at. */
  readonly parts: readonly CheckPart[];
  /** When the check began, RFC 3339. */
  readonly began: string;
  /** When the stack's last update ended; absent where it could not be read. */
  readonly updated?: string;
  /** The worst of its findings; absent where there is none. */
  readonly severity?: Severity;
  readonly findings: readonly FleetFinding[];
  /** What could not be read, but for what an audit does without. */
  readonly unread: readonly FleetUnread[];
  /** Whole days until the first current certificate, or role of `timedRoles`, ends, now; absent where nothing is known to end. */
  readonly daysLeft?: number;
  /** What ends first, in words; absent where nothing is known to end. */
  readonly endsFirst?: string;
  /** When the first rotation is due; absent where it is not known. */
  readonly nextRotation?: string;
  readonly components: readonly ComponentStatus[];
  /** What may act on Exchange in the tenant; absent where nobody asked. */
  readonly applications?: readonly FleetApplication[];
}

/** An application that may act on Exchange. */
export interface FleetApplication extends DiscoveredApplication {
  /** Whether a component of the stack declares it. */
  readonly isDeclared: boolean;
}

/** What finds something in sections. */
type FoundPart = "drift" | "audit" | "policies";

/** A finding with the part that found it. */
export interface FleetFinding extends Finding {
  readonly part: FoundPart | "status";
  /** The component. */
  readonly section: string;
}

/** Something that was not read, with the part that needed it. */
export interface FleetUnread extends Pick<Unread, "check" | "reason"> {
  readonly part: FoundPart | "status" | "check" | "discover";
  readonly section: string;
}

const dayMs = 86_400_000;
const expiringDays = 30;

/** How a stack stands by its document, at a time. */
export function fleetTenant(document: FleetDocument, now: Date): FleetTenant {
  const { stack, began, parts: lookedAt, result, failure, discovered } = document;
  const components = result?.components ?? [];
  const parts = [
    ["drift", result?.drift ?? []],
    ["audit", result?.audit ?? []],
    ["policies", result?.policies ?? []],
  ] as const;
  const findings = [
    ...parts.flatMap(([part, sections]) => sections.flatMap((section) => findingsOf(part, section))),
    ...components.flatMap(applicationFinding),
  ].toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const unread = [
    ...(failure === undefined
      ? []
      : [{ part: "check" as const, section: "", check: "The stack", reason: failure.message }]),
    ...parts.flatMap(([part, sections]) => sections.flatMap((section) => unreadOf(part, section, findings))),
    ...components.flatMap(applicationUnread),
    ...(discovered?.notRead ?? [])
      .filter(({ optional }) => optional !== true)
      .map(({ what, reason }) => ({ part: "discover" as const, section: "", check: what, reason })),
  ];
  const [first] = components.flatMap(endsOf).toSorted((a, b) => a.at - b.at);
  const daysLeft = first === undefined ? undefined : Math.floor((first.at - now.getTime()) / dayMs);
  const [nextRotation] = components.flatMap((component) => component.nextRotation ?? []).toSorted();
  const isStale = !(now.getTime() - Date.parse(began) <= dayMs);
  const [worst] = findings;
  return {
    stack,
    project: result?.project ?? "",
    domains: [...new Set(components.map(({ tenantDomain }) => tenantDomain))],
    state: stateOf({
      isStale,
      isPartial: !checkParts.every((part) => lookedAt.includes(part)),
      isNeverDeployed: isNeverDeployed(document),
      daysLeft,
      findings,
      unread,
    }),
    isStale,
    parts: lookedAt,
    began,
    ...(result && { updated: result.updated }),
    ...(worst && { severity: worst.severity }),
    findings,
    unread,
    ...(discovered && {
      applications: discovered.applications.map((application) => ({
        ...application,
        isDeclared: components.some(({ appId }) => appId === application.appId),
      })),
    }),
    ...(first !== undefined && { endsFirst: first.what }),
    ...(daysLeft !== undefined && { daysLeft }),
    ...(nextRotation !== undefined && { nextRotation }),
    components,
  };
}

/** The order in which people should look at them: the worst first, then by name. */
export function byUrgency(a: FleetTenant, b: FleetTenant): number {
  const rank = ({ state, severity }: FleetTenant): number =>
    tenantStates.indexOf(state) * 10 - (severity === undefined ? 0 : severities.indexOf(severity));
  return rank(a) - rank(b) || (a.stack < b.stack ? -1 : 1);
}

/** Whether the stack could be read, and has nothing. */
function isNeverDeployed({ failure }: FleetDocument): boolean {
  return failure?.code === "EXO_AUTH_NO_COMPONENT";
}

function stateOf(known: {
  readonly isStale: boolean;
  readonly isPartial: boolean;
  readonly isNeverDeployed: boolean;
  readonly daysLeft: number | undefined;
  readonly findings: readonly FleetFinding[];
  readonly unread: readonly FleetUnread[];
}): TenantState {
  if (known.isNeverDeployed) return "neverDeployed";
  if (known.unread.length > 0) return "notRead";
  if (known.findings.length > 0) return "findings";
  if (known.daysLeft !== undefined && known.daysLeft <= expiringDays) return "expiring";
  if (known.isStale) return "stale";
  return known.isPartial ? "partial" : "inOrder";
}

function findingsOf(part: FoundPart, { name, findings }: Section): readonly FleetFinding[] {
  return findings.map((finding) => ({ ...finding, part, section: name }));
}

/** An audit has nothing to read of an application that was deleted: where that is found, nothing is hidden. */
function unreadOf(
  part: FoundPart,
  { name, unread }: Section,
  findings: readonly Finding[],
): readonly FleetUnread[] {
  const isDeleted = findings.some(({ id }) => id === statusDeleted || id === applicationDeleted.id);
  return unread
    .filter(({ optional }) => optional !== true)
    .filter(({ code }) => !(isDeleted && code === "EXO_AUTH_APPLICATION_DELETED"))
    .map(({ check, reason }) => ({ part, section: name, check, reason }));
}

const statusDeleted = "EXO-STATUS-APPLICATION-DELETED";

const applicationCheck = "Application in the tenant";

/** Something of a component that ends, and when, in milliseconds since 1970. */
interface End {
  readonly what: string;
  readonly at: number;
}

/** What of a component ends. The document may be old, so nothing is taken from the days that it has. */
function endsOf(component: ComponentStatus): readonly End[] {
  const current = component.generations.find((generation) => generation.current);
  const { timedRoles = [] } = component;
  return [
    ...(current === undefined
      ? []
      : [{ what: `certificate ${current.generation}`, at: Date.parse(current.notAfter) }]),
    ...timedRoles.map((role) => ({ what: `role ${role.role}`, at: firstEnd({ timedRoles: [role] }) })),
  ];
}

function applicationUnread({ component, tenant }: ComponentStatus): readonly FleetUnread[] {
  if (!("notRead" in tenant)) return [];
  return [{ part: "status", section: component, check: applicationCheck, reason: tenant.notRead }];
}

/** What `status` alone knows: drift and audit have notes on it, or fail. */
function applicationFinding({ component, appId, tenant }: ComponentStatus): readonly FleetFinding[] {
  if ("notRead" in tenant) return [];
  if (tenant.servicePrincipalDisabled) {
    return [
      {
        part: "status",
        section: component,
        id: "EXO-STATUS-SERVICE-PRINCIPAL-DISABLED",
        title: "The service principal is disabled",
        severity: "high",
        subject: appId,
        check: applicationCheck,
        found: "`accountEnabled` is false",
        declared: "an application that gets tokens",
        why: "Entra gives nobody a token for it.",
        source: "https://learn.microsoft.com/graph/api/resources/serviceprincipal",
        remedy: "Find out who disabled it, and why",
      },
    ];
  }
  if (tenant.application === "present") return [];
  const isBlocked = tenant.application === "blocked";
  return [
    {
      part: "status",
      section: component,
      id: isBlocked ? "EXO-STATUS-APPLICATION-BLOCKED" : statusDeleted,
      title: isBlocked ? "The application is blocked" : "The application was deleted",
      severity: isBlocked ? "high" : "critical",
      subject: appId,
      check: applicationCheck,
      found: isBlocked ? "`isDisabled` is true" : tenant.application,
      declared: "an application that gets tokens",
      why: isBlocked ? "Entra gives nobody a token for it." : "Nobody can sign in as it.",
      source: isBlocked
        ? "https://learn.microsoft.com/graph/api/resources/application"
        : "https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application",
      remedy: isBlocked ? "exo-auth revoke --unblock" : "See docs/recovery.md",
    },
  ];
}
