import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { type ReadingOptions, readingIdentity } from "../tenant/readingIdentity.ts";
import { auditRoles, type RoleAudit, type RoleAuditSubject } from "./auditRoles.ts";
import { roleCheck } from "./compareRoles.ts";
import { roleServices } from "./declaredRoles.ts";

/** A component whose roles of Exchange itself are asked for. */
export interface ExchangeQuestion extends RoleAuditSubject {
  readonly cloud: Cloud;
}

/** Asks Exchange what it gives to a component's application. */
export type AskExchange = (question: ExchangeQuestion) => Promise<RoleAudit>;

/** Asks as the identity that reads; says why not where there is none. @throws what ends the run */
export async function askExchange(
  { cloud, ...subject }: ExchangeQuestion,
  options: ReadingOptions,
): Promise<RoleAudit> {
  try {
    const { identity, env } = await readingIdentity(options);
    const endpoints = await resolveEndpoints(cloud, env);
    return await auditRoles(subject, { identity, endpoints, signal: options.signal, limit: options.limit });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof Failure || error instanceof ApiError)) throw error;
    const checks = roleServices.map(roleCheck);
    const unread = checks.map((check) => ({ check, reason: error.message, denied: true, optional: true }));
    return { checks, findings: [], unread, removalOf: () => undefined };
  }
}
