import type { Endpoints } from "../../graph/endpoints.ts";
import type { RequestLimit } from "../../graph/requestLimit.ts";
import type { Identity } from "../../graph/signIn.ts";
import type { Finding, Unread } from "../findings/finding.ts";
import type { PublicComponent } from "../../stack/components.ts";
import { compareRoles, roleCheck, type RoleFinding } from "./compareRoles.ts";
import { declaredRoles, type RoleService, roleServices } from "./declaredRoles.ts";
import { observeRoles } from "./observedRoles.ts";
import type { RoleStep } from "./roleSteps.ts";
import type { RoleAccess } from "./roleAccess.ts";
import { openRoleReading } from "./roleReading.ts";
import { readShownRoles } from "./readShownRoles.ts";
import { shownRoles } from "./shownRoles.ts";
import { deniedRoles, type UnreadRoles, unreadRoles } from "./unreadRoles.ts";

/** What was found of an application's roles of Exchange itself. */
export interface RoleAudit {
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** Removes what a finding found; undefined where `exo-auth grant` puts it right. @throws ApiError, SignInError */
  readonly removalOf: (finding: Finding) => (() => Promise<void>) | undefined;
}

/** Where a component's roles of Exchange itself are read. */
export interface RoleAuditSubject {
  readonly component: Pick<
    PublicComponent,
    "name" | "record" | "appId" | "servicePrincipalObjectId" | "tenantId" | "tenantDomain"
  >;
  readonly project: string;
  readonly stack: string;
}

/** Who reads, and how. */
export interface RoleReading {
  readonly identity: Identity;
  readonly endpoints: Endpoints;
  readonly signal: AbortSignal;
  /** How fast Exchange may be asked. @default as fast as it answers */
  readonly limit?: RequestLimit | undefined;
}

/** Reads both services, and compares. What may not be read is told, and keeps nothing else from being done. */
export async function auditRoles(subject: RoleAuditSubject, reading: RoleReading): Promise<RoleAudit> {
  const found = await Promise.all(
    roleServices.map(async (service) => auditService(subject, service, reading)),
  );
  const all = found.flatMap(({ findings }) => findings);
  return {
    checks: roleServices.map(roleCheck),
    findings: all.map(({ finding }) => finding),
    unread: found.flatMap(({ unread }) => unread ?? []),
    removalOf(finding) {
      const one = found.find(({ findings }) => findings.some((other) => other.finding === finding));
      const step = one?.findings.find((other) => other.finding === finding)?.step;
      return one?.access === undefined || step === undefined ? undefined : removal(one.access, step);
    },
  };
}

interface ServiceAudit {
  readonly findings: readonly RoleFinding[];
  readonly unread?: Unread;
  readonly access?: RoleAccess;
}

function removal(access: RoleAccess, step: RoleStep): () => Promise<void> {
  return async () => access.run(step);
}

async function auditService(
  { component, project, stack }: RoleAuditSubject,
  service: RoleService,
  reading: RoleReading,
): Promise<ServiceAudit> {
  const check = roleCheck(service);
  const { appId, servicePrincipalObjectId } = component;
  const owner = { project, stack, component: component.name, appId, servicePrincipalObjectId };
  let unread: UnreadRoles;
  try {
    const declared = declaredRoles(component)[service];
    const access = await openRoleReading(component, service, reading);
    if (typeof access !== "string") {
      const observed = await observeRoles(access.reader, service, owner, declared);
      return { findings: compareRoles(owner, service, declared, observed), access };
    }
    unread = deniedRoles(access);
  } catch (error) {
    reading.signal.throwIfAborted();
    unread = unreadRoles(error, service);
  }
  const shown =
    unread.denied && service === "exchangeOnline" ? await readShownRoles(component, reading) : undefined;
  if (shown === undefined) return { findings: [], unread: { check, ...unread } };
  const declared = declaredRoles(component)[service];
  const findings =
    shown.assignments === undefined
      ? []
      : compareRoles(owner, service, declared, shownRoles(owner, declared, shown.assignments));
  return {
    // Who reads in Graph may not remove anything.
    findings: findings.map(({ finding }) => ({ finding })),
    unread: { check, ...unread, reason: `${unread.reason}. ${shown.note}` },
  };
}
