import type * as pulumi from "@pulumi/pulumi";

import type { ExchangeAccess } from "./arguments/exchangeAccessArguments.ts";
import { ownTenantAudience } from "../microsoft/signInAudience.ts";
import type { ResolvedArguments } from "./arguments/resolveArguments.ts";

/**
 * What a component declares, as its own inputs carry it into the state.
 *
 * A refresh rewrites what the state says of azuread's resources with whatever the tenant has; a component's own record
 * it leaves alone. `exo-auth audit` compares with that. The names are part of every state and never change.
 */
export function recordOf(settings: ResolvedArguments): pulumi.Inputs {
  const { existingClientId, cloud, expectedTenantId, owners, permissions } = settings;
  const { roles, timedRoles, userRoleAssignments } = settings;
  const federatedCredentials = settings.federatedCredentials.map(({ name, issuer, subject, audience }) => ({
    name,
    issuer,
    subject,
    audience,
  }));
  const created = { signInAudience: ownTenantAudience, owners: [...(owners ?? [])] };
  return {
    // The tenant's domain alone does not tell GCC High from DoD.
    cloud,
    // A policy pack looks whether it is there.
    ...(expectedTenantId === undefined ? {} : { expectedTenantId }),
    ...(existingClientId === undefined ? created : { existingClientId }),
    permissions: permissions.map(({ resourceAppId, permission }) => ({ resourceAppId, permission })),
    roleTemplateIds: roles.map(({ templateId }) => templateId),
    ...(timedRoles.length > 0 && {
      timedRoles: timedRoles.map(({ role, until }) => ({ roleTemplateId: role.templateId, until })),
    }),
    ...declaredExchangeAccess(settings.exchangeAccess),
    userRoles: userRoleAssignments.map(({ userPrincipalName, role }) => ({
      userPrincipalName,
      roleTemplateId: role.templateId,
    })),
    // Left out where there are none, so that an upgrade changes no record.
    ...(federatedCredentials.length === 0 ? {} : { federatedCredentials }),
  };
}

/** What is declared of Exchange's own roles. What is not declared is not in the record, as in those of older releases. */
function declaredExchangeAccess({ roleGroups, roles, complianceRoleGroups }: ExchangeAccess): pulumi.Inputs {
  return {
    ...(roleGroups.length > 0 && { exchangeRoleGroups: [...roleGroups] }),
    ...(roles.length > 0 && { exchangeRoles: roles.map((role) => ({ ...role })) }),
    ...(complianceRoleGroups.length > 0 && { complianceRoleGroups: [...complianceRoleGroups] }),
  };
}
