import { createHash } from "node:crypto";
import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { cloudsOfDomain } from "../../microsoft/clouds.ts";
import {
  microsoftApplications,
  azureCliAppId,
  microsoftAppIds,
  type MicrosoftApplication,
} from "./catalogue/microsoftServicePrincipals.ts";
import { domainType } from "./model/directory.ts";
import { initialValues } from "./model/entityType.ts";
import { assignRole, consent, giveExchangeRoles, stableGuid } from "./seedGrants.ts";
import { tenantPolicyType } from "./model/policies.ts";
import { userType } from "./model/user.ts";
import { newApplication, newMicrosoftServicePrincipal, newServicePrincipal } from "./directory/newObjects.ts";
import {
  emptyRoleStore,
  type Application,
  type DirectoryEntity,
  type ServicePrincipal,
  type TenantState,
} from "./state.ts";
import { toGraphTime } from "./time.ts";
import type { IdentitySeed, TenantSeed, UserSeed } from "./tenantSeed.ts";

/** A tenant as its seed describes it. */
export function seedTenant(seed: TenantSeed, now: Date): TenantState {
  const tenant: TenantState = {
    id: seed.tenantId.toLowerCase(),
    cloud: seed.cloud ?? cloudsOfDomain(seed.initialDomain)[0] ?? "global",
    displayName: seed.displayName ?? nameOf(seed.initialDomain),
    initialDomain: seed.initialDomain.toLowerCase(),
    exchangeLicensed: seed.exchangeLicensed ?? true,
    entraIdP2: seed.entraIdP2 ?? true,
    appInstanceLock: seed.appInstanceLock ?? false,
    createdDateTime: toGraphTime(now),
    domains: new Map(),
    applications: new Map(),
    servicePrincipals: new Map(),
    users: new Map(),
    groups: new Map(),
    administrativeUnits: new Map(),
    directoryRoles: new Map(),
    appRoleAssignments: new Map(),
    roleAssignments: new Map(),
    permissionGrants: new Map(),
    federatedIdentityCredentials: new Map(),
    extensionProperties: new Map(),
    deletedItems: new Map(),
    eligibilityRequests: new Map(),
    eligibilitySchedules: new Map(),
    assignmentRequests: new Map(),
    assignmentSchedules: new Map(),
    rolePolicies: new Map(),
    groupScheduleRequests: { assignment: new Map(), eligibility: new Map() },
    groupSchedules: { assignment: new Map(), eligibility: new Map() },
    conditionalAccessPolicies: new Map(),
    appManagementPolicies: new Map(),
    stsPolicies: {
      tokenLifetimePolicies: new Map(),
      claimsMappingPolicies: new Map(),
      homeRealmDiscoveryPolicies: new Map(),
      tokenIssuancePolicies: new Map(),
    },
    defaultAppManagementPolicy: {
      ...initialValues(tenantPolicyType.properties),
      id: "00000000-0000-0000-0000-000000000000",
      displayName: "Default app management tenant policy",
      description:
        "Default tenant policy that enforces app management restrictions on applications and service principals.",
    },
    logos: new Map(),
    policyAssignments: [],
    signInActivities: new Map(),
    exchange: { exchangeOnline: emptyRoleStore(), securityAndCompliance: emptyRoleStore() },
    owners: [],
    managers: [],
    members: [],
  };
  addDomains(tenant, seed);
  for (const application of microsoftApplications) {
    const isThere = application.appId !== microsoftAppIds.exchangeOnlineProtection;
    if (isThere || seed.exchangeOnlineProtection !== false) addMicrosoftServicePrincipal(tenant, application);
  }
  const { deployer, identities = [] } = seed;
  addIdentity(tenant, { permissions: deployerPermissions, ...deployer, name: "deployer" }, now);
  for (const identity of identities) addIdentity(tenant, identity, now);
  for (const user of seed.users ?? []) addUser(tenant, user, now);
  return tenant;
}

function addDomains(tenant: TenantState, seed: TenantSeed): void {
  const custom = (seed.domains ?? []).map((name) => name.toLowerCase());
  for (const name of [tenant.initialDomain, ...custom]) {
    const isInitial = name === tenant.initialDomain;
    const domain: DirectoryEntity = {
      ...initialValues(domainType.properties),
      id: name,
      authenticationType: "Managed",
      isInitial,
      isDefault: name === (custom[0] ?? tenant.initialDomain),
      supportedServices: tenant.exchangeLicensed ? ["Email", "OfficeCommunicationsOnline"] : [],
    };
    tenant.domains.set(name, domain);
  }
}

function addMicrosoftServicePrincipal(tenant: TenantState, application: MicrosoftApplication): void {
  const principal = newMicrosoftServicePrincipal(tenant, application);
  const id = stableGuid(tenant.id, application.appId);
  tenant.servicePrincipals.set(id, { ...principal, id, createdDateTime: tenant.createdDateTime });
}

function addIdentity(tenant: TenantState, identity: IdentitySeed, now: Date): void {
  const { name, clientId, clientSecret } = identity;
  const displayName = name === "deployer" ? "Deployment" : name;
  const application: Application = {
    ...newApplication(tenant, displayName, now),
    createdByAppId: azureCliAppId,
    id: stableGuid(tenant.id, `${name} application`),
    appId: clientId.toLowerCase(),
    passwordCredentials: [
      {
        keyId: stableGuid(tenant.id, `${name} secret`),
        secretSha256: createHash("sha256").update(clientSecret).digest("hex"),
        hint: clientSecret.slice(0, 3),
        displayName: null,
        customKeyIdentifier: null,
        startDateTime: "2000-01-01T00:00:00Z",
        endDateTime: "2299-12-31T00:00:00Z",
      },
    ],
  };
  const principal: ServicePrincipal = {
    ...newServicePrincipal(application, tenant.id, now),
    createdByAppId: azureCliAppId,
    id: stableGuid(tenant.id, `${name} service principal`),
  };
  tenant.applications.set(application.id, application);
  tenant.servicePrincipals.set(principal.id, principal);
  for (const value of identity.permissions ?? []) {
    consent(tenant, principal, microsoftAppIds.graph, value);
  }
  for (const role of identity.roles ?? []) assignRole(tenant, principal.id, role);
  giveExchangeRoles(tenant, principal, identity.exchangeRoles ?? {});
}

function addUser(tenant: TenantState, user: UserSeed, now: Date): void {
  const [mailNickname = ""] = user.userPrincipalName.split("@");
  const id = user.id?.toLowerCase() ?? stableGuid(tenant.id, user.userPrincipalName);
  tenant.users.set(id, {
    ...initialValues(userType.properties),
    id,
    accountEnabled: true,
    createdDateTime: toGraphTime(now),
    department: user.department ?? null,
    displayName: user.displayName,
    mail: tenant.exchangeLicensed ? user.userPrincipalName : null,
    mailNickname,
    userPrincipalName: user.userPrincipalName,
    userType: "Member",
  });
  for (const role of user.roles ?? []) assignRole(tenant, id, role);
}

function nameOf(initialDomain: string): string {
  const label = initialDomain.split(".")[0] ?? initialDomain;
  return label.charAt(0).toUpperCase() + label.slice(1);
}
