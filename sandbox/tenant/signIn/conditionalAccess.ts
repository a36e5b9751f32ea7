import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { ServicePrincipal, TenantState } from "../state.ts";
import { blockedByConditionalAccess } from "./tokenError.ts";

/**
 * Refuses a sign-in that an enabled conditional access policy blocks.
 *
 * A policy meets the service principals that it includes and does not exclude, single-tenant ones of this tenant
 * only, for the resources that it includes. Every request comes from a place that no policy trusts.
 *
 * @throws TokenError
 */
export function checkConditionalAccess(
  tenant: TenantState,
  principal: ServicePrincipal,
  resource: ServicePrincipal,
): void {
  for (const policy of tenant.conditionalAccessPolicies.values()) {
    if (policy.state === "enabled" && blocks(policy.conditions ?? null, tenant, principal, resource))
      throw blockedByConditionalAccess();
  }
}

function blocks(
  conditions: Json,
  tenant: TenantState,
  principal: ServicePrincipal,
  resource: ServicePrincipal,
): boolean {
  if (!isJsonObject(conditions) || principal.appOwnerOrganizationId !== tenant.id) return false;
  const [clients, targets] = [objectOf(conditions.clientApplications), objectOf(conditions.applications)];
  const isIncluded =
    listOf(clients.includeServicePrincipals).includes("ServicePrincipalsInMyTenant") ||
    listOf(clients.includeServicePrincipals).includes(principal.id);
  const isTarget =
    listOf(targets.includeApplications).includes("All") ||
    listOf(targets.includeApplications).includes(resource.appId);
  const isExcluded =
    listOf(clients.excludeServicePrincipals).includes(principal.id) ||
    listOf(targets.excludeApplications).includes(resource.appId);
  return isIncluded && isTarget && !isExcluded;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
