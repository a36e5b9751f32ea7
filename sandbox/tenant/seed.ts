import { createHash } from "node:crypto";
import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { cloudsOfDomain, type Cloud } from "../../microsoft/clouds.ts";
import {
  microsoftApplications,
  azureCliAppId,
  microsoftAppIds,
  type MicrosoftApplication,
} from "./catalogue/microsoftServicePrincipals.ts";
import { domainType } from "./model/directory.ts";
import { initialValues } from "./model/entityType.ts";
import { assignRole, consent, type ExchangeRolesSeed, giveExchangeRoles, stableGuid } from "./seedGrants.ts";
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

/** The identity that deploys into a tenant: an application with a client secret, consented and ready. */
export interface DeployerSeed {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Application permissions on Microsoft Graph. @default `deployerPermissions` */
  readonly permissions?: readonly string[];
  /** Directory roles by name. @default none */
  readonly roles?: readonly string[];
}

/** A further application that signs in with a client secret, consented and ready. */
export interface IdentitySeed {
  /** What commands call it, and its display name. */
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Application permissions on Microsoft Graph. @default none */
  readonly permissions?: readonly string[];
  /** Directory roles by name. @default none */
  readonly roles?: readonly string[];
  /** Management roles of Exchange's own, by service, with Exchange.ManageAsApp of it. @default none */
  readonly exchangeRoles?: ExchangeRolesSeed;
}

/** What one tenant holds before anybody has written to it. */
export interface TenantSeed {
  readonly tenantId: string;
  /** Such as `contoso.onmicrosoft.com`. */
  readonly initialDomain: string;
  /** @default the initial domain's first label, capitalized */
  readonly displayName?: string;
  /** @default the first cloud that the initial domain's suffix belongs to */
  readonly cloud?: Cloud;
  /** Further verified domains; the first one is the default domain. @default none */
  readonly domains?: readonly string[];
  /** Whether the tenant has Exchange Online licences. @default true */
  readonly exchangeLicensed?: boolean;
  /** Whether the tenant has Entra ID P2, which Privileged Identity Management takes. @default true */
  readonly entraIdP2?: boolean;
  /**
   * Whether new applications lock the credentials of their service principals, as Entra does for new applications since
   * June 2026. @default false
   */
  readonly appInstanceLock?: boolean;
  /**
   * Whether the tenant has a service principal of Microsoft Exchange Online Protection, which Security & Compliance
   * PowerShell takes. @default true
   */
  readonly exchangeOnlineProtection?: boolean;
  readonly deployer: DeployerSeed;
  /** Further applications, by name. @default none */
  readonly identities?: readonly IdentitySeed[];
  /** @default none */
  readonly users?: readonly UserSeed[];
}

/** A user that a tenant has from the beginning. */
export interface UserSeed {
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** @default none */
  readonly department?: string;
  /** @default one that is the same in every run */
  readonly id?: string;
  /** Directory roles by name, over the whole tenant. @default none */
  readonly roles?: readonly string[];
}

/** The built-in tenant. */
export const defaultSeed: TenantSeed = {
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  initialDomain: "contoso.onmicrosoft.com",
  displayName: "Contoso",
  domains: ["contoso.com"],
  deployer: {
    clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
    clientSecret: "sandbox-deployer-secret",
  },
  users: [
    {
      userPrincipalName: "admin@contoso.onmicrosoft.com",
      displayName: "Adele Admin",
      roles: ["Global Administrator"],
    },
    { userPrincipalName: "reports@contoso.com", displayName: "Reports" },
  ],
};

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
    groupScheduleRequests: { assignment: new Map(), eligibility: new Map() },
    groupSchedules: { assignment: new Map(), eligibility: new Map() },
    conditionalAccessPolicies: new Map(),
    appManagementPolicies: new Map(),
    tokenLifetimePolicies: new Map(),
    defaultAppManagementPolicy: {
      ...initialValues(tenantPolicyType.properties),
      id: "00000000-0000-0000-0000-000000000000",
      displayName: "Default app management tenant policy",
      description:
        "Default tenant policy that enforces app management restrictions on applications and service principals.",
    },
    policyAssignments: [],
    signInActivities: new Map(),
    exchange: { exchangeOnline: emptyRoleStore(), securityAndCompliance: emptyRoleStore() },
    owners: [],
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
