import * as v from "valibot";
import { all, one, quoted } from "../../graph/graphClient.ts";
import type { ApplicationObjects } from "../../graph/removal.ts";
import type { GraphOutcome, GraphRead } from "../../graph/graphClient.ts";

/** Everything that grants access through an application, as the tenant has it; each part may have failed. */
export type ObservedAccess = {
  readonly [K in keyof AccessReads]: AccessReads[K] extends GraphRead<infer T> ? GraphOutcome<T> : never;
};

/** The reads of an audit, by part. */
export type AccessReads = ReturnType<typeof accessReads>;

/** What an audit reads, in one batch: the state knows the object ids. */
export function accessReads({ applicationObjectId, servicePrincipalObjectId }: ApplicationObjects) {
  const application = `/applications/${applicationObjectId}`;
  const principal = `/servicePrincipals/${servicePrincipalObjectId}`;
  const roles = "/roleManagement/directory";
  // The bytes of certificates come only with `$select`, and only for a single object.
  const credentials = "keyCredentials,passwordCredentials";
  return {
    application: one(
      `${application}?$select=id,signInAudience,servicePrincipalLockConfiguration,${credentials}`,
      Application,
    ),
    applicationOwners: all(`${application}/owners?$select=id,displayName`, NamedObject),
    federatedCredentials: all(`${application}/federatedIdentityCredentials`, FederatedCredential),
    applicationPolicies: all(`${application}/appManagementPolicies`, NamedObject),
    servicePrincipalPolicies: all(`${principal}/appManagementPolicies`, NamedObject),
    servicePrincipal: one(`${principal}?$select=id,${credentials}`, Credentials),
    servicePrincipalOwners: all(`${principal}/owners?$select=id,displayName`, NamedObject),
    permissions: all(`${principal}/appRoleAssignments`, AppRoleAssignment),
    delegatedGrants: all(`${principal}/oauth2PermissionGrants`, PermissionGrant),
    memberships: all(`${principal}/transitiveMemberOf`, Membership),
    roles: all(
      `${roles}/roleAssignments?$filter=principalId%20eq%20${quoted(servicePrincipalObjectId)}`,
      RoleAssignment,
    ),
    eligibilities: all(
      `${roles}/roleEligibilitySchedules?$filter=principalId%20eq%20${quoted(servicePrincipalObjectId)}`,
      RoleAssignment,
    ),
    rolesOverApplication: all(
      `${roles}/roleAssignments?$filter=directoryScopeId%20eq%20${quoted(`/${applicationObjectId}`)}`,
      RoleAssignment,
    ),
    rolesOverServicePrincipal: all(
      `${roles}/roleAssignments?$filter=directoryScopeId%20eq%20${quoted(`/${servicePrincipalObjectId}`)}`,
      RoleAssignment,
    ),
  };
}

const KeyCredential = v.object({
  keyId: v.string(),
  type: v.nullish(v.string()),
  usage: v.nullish(v.string()),
  displayName: v.nullish(v.string()),
  endDateTime: v.nullish(v.string()),
  /** Base64 of the certificate. */
  key: v.nullish(v.string()),
});

const PasswordCredential = v.object({
  keyId: v.string(),
  displayName: v.nullish(v.string()),
  endDateTime: v.nullish(v.string()),
});

const Credentials = v.object({
  keyCredentials: v.array(KeyCredential),
  passwordCredentials: v.array(PasswordCredential),
});

const Application = v.object({
  ...Credentials.entries,
  signInAudience: v.nullish(v.string()),
  servicePrincipalLockConfiguration: v.nullish(v.object({ isEnabled: v.nullish(v.boolean()) })),
});

const NamedObject = v.object({ id: v.string(), displayName: v.nullish(v.string()) });

const FederatedCredential = v.object({
  id: v.string(),
  name: v.string(),
  issuer: v.string(),
  subject: v.nullish(v.string()),
});

const AppRoleAssignment = v.object({
  id: v.string(),
  appRoleId: v.string(),
  resourceId: v.string(),
  resourceDisplayName: v.nullish(v.string()),
});

const PermissionGrant = v.object({
  id: v.string(),
  resourceId: v.string(),
  consentType: v.nullish(v.string()),
  principalId: v.nullish(v.string()),
  scope: v.nullish(v.string()),
});

const Membership = v.object({
  "@odata.type": v.nullish(v.string()),
  id: v.string(),
  displayName: v.nullish(v.string()),
  isAssignableToRole: v.nullish(v.boolean()),
});

const RoleAssignment = v.object({
  id: v.string(),
  principalId: v.string(),
  roleDefinitionId: v.string(),
  directoryScopeId: v.nullish(v.string()),
});

/** A certificate or another key, on an application or a service principal. */
export type KeyCredential = v.InferOutput<typeof KeyCredential>;

/** An owner or a policy. */
export type NamedObject = v.InferOutput<typeof NamedObject>;

/** What can sign in, on an application or a service principal. */
export type Credentials = v.InferOutput<typeof Credentials>;

/** A role, with who holds it over what. */
export type RoleAssignment = v.InferOutput<typeof RoleAssignment>;
