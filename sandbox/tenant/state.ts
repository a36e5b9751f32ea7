import type { Cloud } from "../../microsoft/clouds.ts";
import { textOf, type Json, type JsonObject } from "./json.ts";
import type { StsPolicyName } from "./model/stsPolicies.ts";

/** Any object of the directory: its properties, `id` among them. */
export type DirectoryEntity = { id: string; [property: string]: Json };

/** A certificate on an application or a service principal; `key` is the certificate's DER, base64. */
export type KeyCredential = {
  keyId: string;
  key: string;
  customKeyIdentifier: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  type: string;
  usage: string;
};

/** A client secret; the secret itself is kept as its SHA-256, hex. */
export type PasswordCredential = {
  keyId: string;
  secretSha256: string;
  hint: string | null;
  displayName: string | null;
  customKeyIdentifier: string | null;
  startDateTime: string;
  endDateTime: string;
};

/** An application registration. */
export type Application = DirectoryEntity & {
  appId: string;
  displayName: string;
  keyCredentials: KeyCredential[];
  passwordCredentials: PasswordCredential[];
};

/** An application's instance in this tenant, or one of Microsoft's. */
export type ServicePrincipal = DirectoryEntity & {
  appId: string;
  displayName: string;
  accountEnabled: boolean;
  appOwnerOrganizationId: string | null;
  servicePrincipalNames: string[];
  keyCredentials: KeyCredential[];
  passwordCredentials: PasswordCredential[];
};

/** The consent to an application permission. */
export type AppRoleAssignment = DirectoryEntity & {
  appRoleId: string;
  principalId: string;
  resourceId: string;
};

/** A directory role given to a principal. */
export type RoleAssignment = DirectoryEntity & {
  principalId: string;
  roleDefinitionId: string;
  directoryScopeId: string;
};

/** What stands on one application or service principal, and on which. */
export type HeldEntity = DirectoryEntity & { holderId: string };

/**
 * A federated identity credential, and the application or service principal that it is on. `subject` is null where an
 * expression says which subjects fit.
 */
export type FederatedIdentityCredential = HeldEntity & {
  audiences: string[];
  issuer: string;
  name: string;
  subject: string | null;
};

/** That one object belongs to another: an owner to what it owns, a member to its group or administrative unit. */
export type Reference = { from: string; to: string };

/** An object with its type. */
export type FoundObject =
  | { readonly type: "application"; readonly object: Application }
  | { readonly type: "servicePrincipal"; readonly object: ServicePrincipal }
  | {
      readonly type: "user" | "group" | "administrativeUnit" | "directoryRole";
      readonly object: DirectoryEntity;
    };

/** A deleted object, and the owners that come back with it. */
export type DeletedItem = FoundObject & { readonly owners: readonly string[] };

/** A role group that a tenant made itself; the built-in ones are the same in every tenant. */
export interface RoleGroup {
  readonly name: string;
  description: string;
}

/** That a service principal is in a role group, from the group's name to the principal's object id. */
export interface RoleGroupMember extends Reference {
  /** When it was added: it is effective only later. */
  readonly since: string;
}

/** A management role given to a role group of a tenant, or to a service principal itself. */
export interface ManagementRoleAssignment {
  readonly name: string;
  readonly role: string;
  /** The role group's name, or the service principal's object id. */
  readonly assignee: string;
  readonly assigneeType: "RoleGroup" | "ServicePrincipal";
  /** Whether it lets its holder give the role, and not use it. @default false */
  readonly isDelegating?: boolean;
  /** Whether it gives nothing for now. @default false */
  readonly isDisabled?: boolean;
  /** The name of a management scope. */
  readonly customRecipientWriteScope?: string;
  /** The object id of an administrative unit. */
  readonly administrativeUnit?: string;
  readonly since: string;
}

/** A management role that a tenant derived from another one. */
export interface ManagementRole {
  readonly name: string;
  readonly parent: string;
}

/** A management scope: the recipients that fit a filter. */
export interface ManagementScope {
  readonly name: string;
  recipientFilter: string;
}

/** Who may do what in one service. By names in lower case, as Exchange does not look at case. */
export interface RoleStore {
  /** Service principals that have been made known to the service, by object id. */
  readonly servicePrincipals: Map<string, DirectoryEntity>;
  readonly roleGroups: Map<string, RoleGroup>;
  members: RoleGroupMember[];
  /** Roles that the tenant made; the built-in ones are the same in every tenant. */
  readonly roles: Map<string, ManagementRole>;
  readonly assignments: Map<string, ManagementRoleAssignment>;
  readonly scopes: Map<string, ManagementScope>;
}

/** What Exchange Online knows of its own, and Security & Compliance: two stores that know nothing of each other. */
export interface ExchangeState {
  readonly exchangeOnline: RoleStore;
  readonly securityAndCompliance: RoleStore;
}

/** A store in which a tenant has given nothing to anybody. */
export function emptyRoleStore(): RoleStore {
  return {
    servicePrincipals: new Map(),
    roleGroups: new Map(),
    members: [],
    roles: new Map(),
    assignments: new Map(),
    scopes: new Map(),
  };
}

/** Schedules of Privileged Identity Management for groups, by what they give. */
export interface GroupSchedules {
  readonly assignment: Map<string, DirectoryEntity>;
  readonly eligibility: Map<string, DirectoryEntity>;
}

/** The rules of Privileged Identity Management for active assignments of one role. */
export interface RolePolicy {
  readonly isExpirationRequired: boolean;
  /** ISO 8601. */
  readonly maximumDuration: string;
  /** As in `Justification`. */
  readonly enabledRules: readonly string[];
}

/** Everything that one tenant holds. It is plain data, so that it can be written to a file. */
export interface TenantState {
  readonly id: string;
  readonly cloud: Cloud;
  readonly displayName: string;
  readonly initialDomain: string;
  /** Whether the tenant has Exchange Online licences. */
  readonly exchangeLicensed: boolean;
  /** Whether the tenant has Entra ID P2: without it there is neither Privileged Identity Management nor a report of sign-ins. */
  readonly entraIdP2: boolean;
  /** Whether a new application locks its service principals where its creator does not say. */
  readonly appInstanceLock: boolean;
  readonly createdDateTime: string;
  /** What a PATCH of the organization set; absent before the first one. */
  organization?: JsonObject;
  readonly domains: Map<string, DirectoryEntity>;
  readonly applications: Map<string, Application>;
  readonly servicePrincipals: Map<string, ServicePrincipal>;
  readonly users: Map<string, DirectoryEntity>;
  readonly groups: Map<string, DirectoryEntity>;
  readonly administrativeUnits: Map<string, DirectoryEntity>;
  readonly directoryRoles: Map<string, DirectoryEntity>;
  readonly appRoleAssignments: Map<string, AppRoleAssignment>;
  readonly roleAssignments: Map<string, RoleAssignment>;
  readonly permissionGrants: Map<string, DirectoryEntity>;
  readonly federatedIdentityCredentials: Map<string, FederatedIdentityCredential>;
  readonly extensionProperties: Map<string, HeldEntity>;
  readonly deletedItems: Map<string, DeletedItem>;
  readonly eligibilityRequests: Map<string, DirectoryEntity>;
  readonly eligibilitySchedules: Map<string, DirectoryEntity>;
  readonly assignmentRequests: Map<string, DirectoryEntity>;
  readonly assignmentSchedules: Map<string, DirectoryEntity>;
  /** The rules that somebody changed, by the role's template id. */
  readonly rolePolicies: Map<string, RolePolicy>;
  readonly groupScheduleRequests: GroupSchedules;
  readonly groupSchedules: GroupSchedules;
  readonly conditionalAccessPolicies: Map<string, DirectoryEntity>;
  readonly appManagementPolicies: Map<string, DirectoryEntity>;
  readonly stsPolicies: Readonly<Record<StsPolicyName, Map<string, DirectoryEntity>>>;
  defaultAppManagementPolicy: DirectoryEntity;
  /** The pictures of applications, by object id. */
  readonly logos: Map<string, { readonly type: string; readonly base64: string }>;
  /** From an application or service principal to its policies, of each kind one at most. */
  policyAssignments: Reference[];
  /** The last sign-ins by application id, as `reports/servicePrincipalSignInActivities` shows them. */
  readonly signInActivities: Map<string, DirectoryEntity>;
  readonly exchange: ExchangeState;
  owners: Reference[];
  members: Reference[];
  /** From a user to the user's manager, of whom there is one at most. */
  managers: Reference[];
}

/** The service principal of an application in a tenant; undefined where there is none. */
export function servicePrincipalOfApplication(
  tenant: TenantState,
  appId: string,
): ServicePrincipal | undefined {
  return first(tenant.servicePrincipals.values(), (candidate) => candidate.appId === appId.toLowerCase());
}

/** The application with this application id; undefined where there is none. */
export function applicationByAppId(tenant: TenantState, appId: string): Application | undefined {
  return first(tenant.applications.values(), (candidate) => candidate.appId === appId.toLowerCase());
}

/** The user with this id or user principal name; undefined where there is none. */
export function userByKey(tenant: TenantState, key: string): DirectoryEntity | undefined {
  const wanted = key.toLowerCase();
  return (
    tenant.users.get(wanted) ??
    first(tenant.users.values(), (user) => textOf(user.userPrincipalName).toLowerCase() === wanted)
  );
}

/** The principal or other object with this id, of whatever type; undefined where there is none. */
export function findDirectoryObject(tenant: TenantState, id: string): FoundObject | undefined {
  const servicePrincipal = tenant.servicePrincipals.get(id);
  if (servicePrincipal !== undefined) return { type: "servicePrincipal", object: servicePrincipal };
  const application = tenant.applications.get(id);
  if (application !== undefined) return { type: "application", object: application };
  const others = {
    user: tenant.users,
    group: tenant.groups,
    administrativeUnit: tenant.administrativeUnits,
    directoryRole: tenant.directoryRoles,
  };
  for (const type of ["user", "group", "administrativeUnit", "directoryRole"] as const) {
    const object = others[type].get(id);
    if (object !== undefined) return { type, object };
  }
  return undefined;
}

/** The first of these that fits. */
export function first<T>(values: Iterable<T>, fits: (value: T) => boolean): T | undefined {
  for (const value of values) if (fits(value)) return value;
  return undefined;
}
