import { randomUUID } from "node:crypto";
import { microsoftTenantId, type MicrosoftApplication } from "../catalogue/microsoftServicePrincipals.ts";
import { applicationType } from "../model/application.ts";
import { initialValues } from "../model/entityType.ts";
import { servicePrincipalType } from "../model/servicePrincipal.ts";
import type { Application, ServicePrincipal, TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";

/** A new application with Graph's defaults. */
export function newApplication(tenant: TenantState, displayName: string, now: Date): Application {
  return {
    ...initialValues(applicationType.properties),
    oauth2RequirePostResponse: false,
    id: randomUUID(),
    appId: randomUUID(),
    createdDateTime: toGraphTime(now),
    publisherDomain: defaultDomain(tenant),
    signInAudience: "AzureADMyOrg",
    displayName,
    keyCredentials: [],
    passwordCredentials: [],
  };
}

/** A new service principal for an application, whichever tenant that is registered in. */
export function newServicePrincipal(
  application: Application,
  ownerTenantId: string,
  now: Date,
): ServicePrincipal {
  return {
    ...initialValues(servicePrincipalType.properties),
    samlMetadataUrl: null,
    id: randomUUID(),
    appId: application.appId,
    appOwnerOrganizationId: ownerTenantId,
    createdDateTime: toGraphTime(now),
    displayName: application.displayName,
    accountEnabled: true,
    servicePrincipalType: "Application",
    servicePrincipalNames: [application.appId],
    keyCredentials: [],
    passwordCredentials: [],
  };
}

/** A new service principal of one of Microsoft's applications. */
export function newMicrosoftServicePrincipal(
  tenant: TenantState,
  { appId, displayName, identifierUris }: MicrosoftApplication,
): ServicePrincipal {
  return {
    ...initialValues(servicePrincipalType.properties),
    samlMetadataUrl: null,
    id: randomUUID(),
    appId,
    appDisplayName: displayName,
    displayName,
    appOwnerOrganizationId: microsoftTenantId,
    accountEnabled: true,
    servicePrincipalType: "Application",
    signInAudience: "AzureADMultipleOrgs",
    servicePrincipalNames: [appId, ...identifierUris(tenant.cloud)],
    keyCredentials: [],
    passwordCredentials: [],
  };
}

/** The tenant's default domain. */
function defaultDomain(tenant: TenantState): string {
  for (const domain of tenant.domains.values()) if (domain.isDefault === true) return domain.id;
  return tenant.initialDomain;
}
