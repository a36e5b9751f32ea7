import { createHash } from "node:crypto";
import { microsoftApplication, microsoftAppIds } from "./catalogue/microsoftServicePrincipals.ts";
import { roleTemplateId } from "./catalogue/directoryRoles.ts";
import { activateRole } from "./directory/memberships.ts";
import type { ExchangeService } from "./exchange/services.ts";
import { newOpaqueId, roleAssignmentId } from "./identifiers.ts";
import type { ServicePrincipal, TenantState } from "./state.ts";

/** Management roles by the service that they are of. */
export type ExchangeRolesSeed = Readonly<Partial<Record<ExchangeService, readonly string[]>>>;

/** Gives a directory role over the whole tenant. */
export function assignRole(tenant: TenantState, principalId: string, role: string): void {
  const roleDefinitionId = roleTemplateId(role);
  const id = roleAssignmentId(roleDefinitionId, principalId, "/");
  tenant.roleAssignments.set(id, {
    id,
    principalId,
    roleDefinitionId,
    directoryScopeId: "/",
    principalOrganizationId: tenant.id,
  });
  activateRole(tenant, roleDefinitionId);
}

/** Consents to an application permission of one of Microsoft's services. */
export function consent(
  tenant: TenantState,
  principal: ServicePrincipal,
  resourceAppId: string,
  value: string,
): void {
  const appRole = microsoftApplication(resourceAppId)?.appRoles.find((role) => role.value === value);
  if (appRole === undefined) throw new Error(`${resourceAppId} has no application permission "${value}".`);
  const id = newOpaqueId();
  tenant.appRoleAssignments.set(id, {
    id,
    appRoleId: appRole.id,
    principalId: principal.id,
    resourceId: stableGuid(tenant.id, resourceAppId),
    createdDateTime: tenant.createdDateTime,
  });
}

/** The same id in every run, so that a tenant begun anew is the tenant that state files know. */
export function stableGuid(tenantId: string, name: string): string {
  const hash = createHash("sha256").update(`${tenantId} ${name}`).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Gives management roles by a role group that holds them, and the permission without which they are nothing. */
export function giveExchangeRoles(
  tenant: TenantState,
  principal: ServicePrincipal,
  seed: ExchangeRolesSeed,
): void {
  for (const service of ["exchangeOnline", "securityAndCompliance"] as const) {
    const roles = seed[service] ?? [];
    if (roles.length === 0) continue;
    consent(tenant, principal, resources[service], "Exchange.ManageAsApp");
    const store = tenant.exchange[service];
    const { id, appId, displayName } = principal;
    const since = tenant.createdDateTime;
    store.servicePrincipals.set(id, { id, appId, displayName, createdDateTime: since });
    const group = `Rights of ${displayName}`;
    store.roleGroups.set(group.toLowerCase(), { name: group, description: "" });
    store.members.push({ from: group, to: id, since });
    for (const role of roles) {
      const name = `${role}-${displayName}`;
      store.assignments.set(name.toLowerCase(), {
        name,
        role,
        assignee: group,
        assigneeType: "RoleGroup",
        since,
      });
    }
  }
}

const resources: Readonly<Record<ExchangeService, string>> = {
  exchangeOnline: microsoftAppIds.exchangeOnline,
  securityAndCompliance: microsoftAppIds.exchangeOnlineProtection,
};
