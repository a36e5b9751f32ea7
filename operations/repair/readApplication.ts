import * as v from "valibot";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { rolesOverPath } from "../audit/rules/parts.ts";
import { all, inBeta, one, quoted } from "../../graph/graphClient.ts";
import {
  AppRoleAssignment,
  FederatedCredential,
  ImplicitGrantSettings,
  KeyCredential,
  Membership,
  NamedObject,
  PasswordCredential,
  PermissionGrant,
  RedirectUris,
  RoleAssignment,
} from "../../graph/objects.ts";

/** An application, and all that can sign in as it or change it; each part may have failed. */
export type ApplicationParts = Awaited<ReturnType<typeof readApplicationParts>>;

/** A service principal, and all that can sign in as it, change it, or that it may do; each part may have failed. */
export type ServicePrincipalParts = Awaited<ReturnType<typeof readServicePrincipalParts>>;

/** Reads all that hangs on an application. @throws ApiError where Graph cannot be reached; SignInError */
export async function readApplicationParts(graph: GraphClient, objectId: string) {
  const path = `/applications/${objectId}`;
  return graph.batch<
    {
      application: Application;
      owners: readonly NamedObject[];
      federatedCredentials: readonly FederatedCredential[];
    } & RolesOver
  >({
    application: one(`${path}?$select=${Object.keys(Application.entries).join(",")}`, Application),
    owners: all(`${path}/owners?$select=id,displayName`, NamedObject),
    federatedCredentials: federatedCredentialsOf(path),
    ...rolesOver(objectId),
  });
}

/** Reads all that hangs on a service principal. @throws ApiError where Graph cannot be reached; SignInError */
export async function readServicePrincipalParts(graph: GraphClient, objectId: string) {
  const path = `/servicePrincipals/${objectId}`;
  return graph.batch<
    {
      servicePrincipal: ServicePrincipal;
      owners: readonly NamedObject[];
      permissions: readonly AppRoleAssignment[];
      delegatedGrants: readonly PermissionGrant[];
      memberships: readonly Membership[];
      roles: readonly RoleAssignment[];
      federatedCredentials: readonly FederatedCredential[];
    } & RolesOver
  >({
    servicePrincipal: one(
      `${path}?$select=${Object.keys(ServicePrincipal.entries).join(",")}`,
      ServicePrincipal,
    ),
    owners: all(`${path}/owners?$select=id,displayName`, NamedObject),
    permissions: all(`${path}/appRoleAssignments`, AppRoleAssignment),
    delegatedGrants: all(`${path}/oauth2PermissionGrants`, PermissionGrant),
    memberships: all(`${path}/transitiveMemberOf`, Membership),
    roles: all(
      `/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20${quoted(objectId)}`,
      RoleAssignment,
    ),
    federatedCredentials: federatedCredentialsOf(path),
    ...rolesOver(objectId),
  });
}

/** Who may change the object by a role over it: now, from later on, or once they take it. */
type RolesOver = Readonly<
  Record<"rolesOver" | "schedulesOver" | "eligibilitiesOver", readonly RoleAssignment[]>
>;

function rolesOver(objectId: string): { readonly [Name in keyof RolesOver]: GraphRead<RolesOver[Name]> } {
  const over = (collection: string): GraphRead<readonly RoleAssignment[]> =>
    all(rolesOverPath(collection, objectId), RoleAssignment);
  return {
    rolesOver: over("roleAssignments"),
    schedulesOver: over("roleAssignmentSchedules"),
    eligibilitiesOver: over("roleEligibilitySchedules"),
  };
}

/** Graph 1.0 does not show their expressions. */
function federatedCredentialsOf(path: string): GraphRead<readonly FederatedCredential[]> {
  return inBeta(all(`${path}/federatedIdentityCredentials`, FederatedCredential));
}

/** Reads when somebody last signed in as an application. */
export async function readLastSignIn(
  graph: GraphClient,
  clientId: string,
): Promise<GraphOutcome<readonly SignInActivity[]>> {
  const path = `/reports/servicePrincipalSignInActivities?$filter=appId eq ${quoted(clientId)}`;
  const { activities } = await graph.batch<{ activities: readonly SignInActivity[] }>({
    activities: inBeta(all(path, SignInActivity)),
  });
  return activities;
}

const Credentials = v.object({
  createdByAppId: v.nullish(v.string()),
  keyCredentials: v.array(KeyCredential),
  passwordCredentials: v.array(PasswordCredential),
});

const Application = v.object({
  ...Credentials.entries,
  signInAudience: v.nullish(v.string()),
  managerApplications: v.nullish(v.array(v.string())),
  identifierUris: v.nullish(v.array(v.string())),
  isFallbackPublicClient: v.nullish(v.boolean()),
  publicClient: RedirectUris,
  spa: RedirectUris,
  web: v.nullish(
    v.object({
      redirectUris: v.nullish(v.array(v.string())),
      implicitGrantSettings: ImplicitGrantSettings,
    }),
  ),
});

const ServicePrincipal = v.object({
  ...Credentials.entries,
  replyUrls: v.nullish(v.array(v.string())),
});

const Activity = v.nullish(v.object({ lastSignInDateTime: v.nullish(v.string()) }));

const SignInActivity = v.object({ lastSignInActivity: Activity });

type Application = v.InferOutput<typeof Application>;
type ServicePrincipal = v.InferOutput<typeof ServicePrincipal>;
type SignInActivity = v.InferOutput<typeof SignInActivity>;
