import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { type Endpoints, resolveEndpoints } from "../../graph/endpoints.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { Identity } from "../../graph/signIn.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { type ReadingOptions, readingIdentity } from "../tenant/readingIdentity.ts";
import { auditTimedRoles, type TimedRoleAudit } from "../timedRoles/auditTimedRoles.ts";
import { timedRolesOf } from "../timedRoles/declaredTimedRoles.ts";
import { timedRoleCheck } from "../timedRoles/timedRoleFindings.ts";
import { auditRoles, type RoleAudit, type RoleAuditSubject } from "./auditRoles.ts";
import { roleCheck } from "./compareRoles.ts";
import { declaredRoles, isDeclared, roleServices } from "./declaredRoles.ts";

/** A component whose granted roles are asked for: those of Exchange itself, and those of Entra with an end. */
export interface ExchangeQuestion extends RoleAuditSubject {
  readonly cloud: Cloud;
}

/** What a component declares and `exo-auth grant` gives, as it is in the tenant. */
export interface GrantedRoles extends RoleAudit {
  /** The roles with an end; undefined where they were not read. */
  readonly timedRoles: TimedRoleAudit["roles"];
}

/** Asks what a component's application was given. */
export type AskExchange = (question: ExchangeQuestion) => Promise<GrantedRoles>;

/**
 * Asks as the identity that reads, for what the component declares; says why not where there is none.
 *
 * @throws what ends the run
 */
export async function askExchange(
  { cloud, ...subject }: ExchangeQuestion,
  options: ReadingOptions,
): Promise<GrantedRoles> {
  try {
    const { identity, env } = await readingIdentity(options);
    const endpoints = await resolveEndpoints(cloud, env);
    return await grantedRoles(subject, { identity, endpoints, ...options });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof Failure || error instanceof ApiError)) throw error;
    const timed = timedRolesOf(subject.component.record).length > 0 ? [timedRoleCheck] : [];
    const checks = [...(declaresRoles(subject) ? roleServices.map(roleCheck) : []), ...timed];
    const unread = checks.map((check) => ({ check, reason: error.message, denied: true, optional: true }));
    return { checks, findings: [], unread, removalOf: () => undefined, timedRoles: undefined };
  }
}

function declaresRoles({ component }: RoleAuditSubject): boolean {
  return component.record.kind === "known" && Object.values(declaredRoles(component)).some(isDeclared);
}

async function grantedRoles(
  subject: RoleAuditSubject,
  {
    identity,
    endpoints,
    signal,
    limit,
  }: Pick<ReadingOptions, "signal" | "limit"> & {
    readonly identity: Identity;
    readonly endpoints: Endpoints;
  },
): Promise<GrantedRoles> {
  const { component } = subject;
  const credential = sharedCredential(identity, component.tenantId, endpoints);
  const [exchange, timed] = await Promise.all([
    declaresRoles(subject) ? auditRoles(subject, { identity, endpoints, signal, limit }) : undefined,
    auditTimedRoles(component, createGraphClient(credential, endpoints.graph, { signal, limit })),
  ]);
  return withTimedRoles(exchange, timed);
}

/** What was found of both kinds of roles, as one. */
export function withTimedRoles(
  exchange: RoleAudit = { checks: [], findings: [], unread: [], removalOf: () => undefined },
  { checks, findings, unread, roles }: TimedRoleAudit,
): GrantedRoles {
  return {
    checks: [...exchange.checks, ...checks],
    findings: [...exchange.findings, ...findings],
    unread: [...exchange.unread, ...unread],
    removalOf: (finding) => exchange.removalOf(finding),
    timedRoles: roles,
  };
}
