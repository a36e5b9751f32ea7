import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { Finding, Unread } from "../findings/finding.ts";
import { type DeclaredTimedRole, shownRole, timedRolesOf } from "./declaredTimedRoles.ts";
import { observeActiveRoles } from "./observedTimedRoles.ts";
import { limitsOf, readRules } from "./roleRules.ts";
import { compareTimedRoles, timedRoleCheck } from "./timedRoleFindings.ts";

/** What is known of the roles that a component declares until a time. */
export interface TimedRoleAudit {
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** As the tenant has them; undefined where it was not read. */
  readonly roles: readonly TimedRoleState[] | undefined;
}

/** A declared role as the tenant has it. */
export interface TimedRoleState extends DeclaredTimedRole {
  readonly name: string;
  /** RFC 3339; null where it has no end, and absent where the application does not have it. */
  readonly end?: string | null;
}

/**
 * Reads the roles that a component declares until a time, and compares. What may not be read is told, and keeps nothing
 * else from being done.
 */
export async function auditTimedRoles(
  { record, servicePrincipalObjectId }: Pick<PublicComponent, "record" | "servicePrincipalObjectId">,
  graph: GraphClient,
  now: () => number = Date.now,
): Promise<TimedRoleAudit> {
  const declared = timedRolesOf(record);
  if (declared.length === 0) return { checks: [], findings: [], unread: [], roles: [] };
  const checks = [timedRoleCheck];
  try {
    const [observed, rules] = await Promise.all([
      observeActiveRoles(graph, servicePrincipalObjectId),
      readRules(
        graph,
        declared.map(({ roleTemplateId }) => roleTemplateId),
      ),
    ]);
    const limits = rules && limitsOf(rules);
    const findings = compareTimedRoles({ declared, observed, limits, now: now() });
    const roles = declared.map((one): TimedRoleState => {
      const there = observed.find(({ roleTemplateId }) => roleTemplateId === one.roleTemplateId);
      const name = shownRole(one.roleTemplateId);
      return { ...one, name, ...(there && { end: there.end ?? null }) };
    });
    return { checks, findings, unread: [], roles };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
    return { checks, findings: [], unread: [unreadFor(error)], roles: undefined };
  }
}

/** What the audit reads other roles with, too. */
const permission = "RoleManagement.Read.Directory";

function unreadFor(error: ApiError | SignInError): Unread {
  const check = timedRoleCheck;
  const status = error instanceof ApiError ? error.failure.status : 401;
  if (status !== 401 && status !== 403) return { check, reason: error.message, denied: false };
  const lacking = `the identity lacks the application permission ${permission} of Microsoft Graph`;
  const reason = error instanceof ApiError ? `${lacking} (${error.message})` : error.message;
  return { check, reason, denied: true, optional: true };
}
