import * as v from "valibot";
import type { GraphClient, GraphOutcome } from "../../graph/graphClient.ts";
import { all, inBeta, one, quoted } from "../../graph/graphClient.ts";
import {
  AppRoleAssignment,
  FederatedCredential,
  KeyCredential,
  NamedObject,
  noId,
  PasswordCredential,
  Reference,
  RoleAssignment,
} from "../../graph/objects.ts";
import { failedRead } from "../audit/rule.ts";
import type { NotRead } from "./notRead.ts";

/** One of the two objects of an application as Graph has it, with properties that nobody here knows. */
export type FoundObject = v.InferOutput<typeof FoundObject>;

const FoundObject = v.looseObject({
  id: v.string(),
  appId: Reference,
  displayName: v.nullish(v.string(), "unnamed"),
  description: v.nullish(v.string()),
  keyCredentials: v.optional(v.array(KeyCredential), []),
  passwordCredentials: v.optional(v.array(PasswordCredential), []),
});

/** An application permission that an application was granted, with the names that its service gives. */
export interface GrantedPermission {
  /** Of the assignment. */
  readonly id: string;
  readonly appRoleId: string;
  /** The object ID of the service. */
  readonly resourceId: string;
  /** The client ID of the service; absent where it could not be read. */
  readonly resourceAppId?: string;
  readonly resourceName: string;
  /** Absent where the service does not offer it, or could not be read. */
  readonly value?: string;
  /** Whether the service offers it to applications now. */
  readonly isOffered: boolean;
}

/** An application with all that hangs on it. */
export interface FoundApplication {
  readonly servicePrincipal: FoundObject;
  /** Absent where the application is another tenant's, or could not be read. */
  readonly application?: FoundObject;
  /** Of the application, with their bytes. */
  readonly keyCredentials: readonly KeyCredential[];
  readonly applicationOwners: readonly NamedObject[];
  readonly principalOwners: readonly NamedObject[];
  readonly federatedCredentials: readonly FederatedCredential[];
  readonly permissions: readonly GrantedPermission[];
  readonly roles: readonly RoleAssignment[];
  readonly notRead: readonly NotRead[];
}

const Keys = v.object({ keyCredentials: v.array(KeyCredential) });
const Service = v.object({
  id: v.string(),
  appId: Reference,
  displayName: v.nullish(v.string()),
  appRoles: v.array(
    v.object({
      id: v.string(),
      value: v.nullish(v.string()),
      isEnabled: v.nullish(v.boolean(), true),
      allowedMemberTypes: v.optional(v.array(v.string()), []),
    }),
  ),
});
type Service = v.InferOutput<typeof Service>;

/** Reads applications of one tenant; the services whose permissions they have are read once. */
export function createApplicationReader(graph: GraphClient): {
  /** @throws ApiError where Graph cannot be reached, or does not show the service principal; SignInError */
  byPrincipal(objectId: string): Promise<FoundApplication>;
  /** Undefined where the tenant has no service principal of that application. @throws as `byPrincipal` */
  byClientId(clientId: string): Promise<FoundApplication | undefined>;
} {
  const services = new Map<string, Promise<GraphOutcome<Service>>>();

  const serviceOf = (id: string): Promise<GraphOutcome<Service>> => {
    const known = services.get(id);
    if (known !== undefined) return known;
    const path = `/servicePrincipals/${id}?$select=id,appId,displayName,appRoles`;
    const read = graph
      .batch<{ service: Service }>({ service: one(path, Service) })
      .then(({ service }) => service);
    services.set(id, read);
    return read;
  };

  async function readFound(servicePrincipal: FoundObject): Promise<FoundApplication> {
    const byAppId = `/applications?$filter=appId%20eq%20${quoted(servicePrincipal.appId)}`;
    const principalPath = `/servicePrincipals/${servicePrincipal.id}`;
    const first = await graph.batch<{
      application: readonly FoundObject[];
      principalOwners: readonly NamedObject[];
      assignments: readonly AppRoleAssignment[];
      roles: readonly RoleAssignment[];
    }>({
      application: all(byAppId, FoundObject),
      principalOwners: all(`${principalPath}/owners?$select=id,displayName`, NamedObject),
      assignments: all(`${principalPath}/appRoleAssignments`, AppRoleAssignment),
      roles: all(
        `/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20${quoted(servicePrincipal.id)}`,
        RoleAssignment,
      ),
    });
    const { value: application, notRead: noApplication } = part(
      first.application,
      "the application",
      readsApplications,
      [],
    );
    const [own] = application;
    const parts = own === undefined ? undefined : await readParts(graph, own.id);
    const assignments = part(first.assignments, "application permissions", readsApplications, []);
    const ids = [...new Set(assignments.value.map(({ resourceId }) => resourceId))].filter(
      (id) => id !== noId,
    );
    const found = new Map(await Promise.all(ids.map(async (id) => [id, await serviceOf(id)] as const)));
    const principalOwners = part(
      first.principalOwners,
      "owners of the service principal",
      readsApplications,
      [],
    );
    const roles = part(first.roles, "directory roles", "RoleManagement.Read.Directory", []);
    return {
      servicePrincipal,
      ...(own !== undefined && { application: own }),
      keyCredentials: parts?.keys ?? [],
      applicationOwners: parts?.owners ?? [],
      federatedCredentials: parts?.federated ?? [],
      principalOwners: principalOwners.value,
      permissions: assignments.value.map((assignment) => permissionOf(assignment, found)),
      roles: roles.value,
      notRead: [
        ...noApplication,
        ...(parts?.notRead ?? []),
        ...assignments.notRead,
        ...principalOwners.notRead,
        ...roles.notRead,
      ],
    };
  }

  return {
    async byPrincipal(objectId) {
      return readFound(await graph.read(one(`/servicePrincipals/${objectId}`, FoundObject)));
    },
    async byClientId(clientId) {
      const path = `/servicePrincipals?$filter=appId%20eq%20${quoted(clientId)}`;
      const [principal] = await graph.read(all(path, FoundObject));
      return principal && readFound(principal);
    },
  };
}

const readsApplications = "Application.Read.All";

/** What hangs on the application itself. */
async function readParts(graph: GraphClient, objectId: string) {
  const path = `/applications/${objectId}`;
  const read = await graph.batch<{
    keys: v.InferOutput<typeof Keys>;
    owners: readonly NamedObject[];
    federated: readonly FederatedCredential[];
  }>({
    // Graph gives the bytes for one object alone, and only where they are asked for.
    keys: one(`${path}?$select=keyCredentials`, Keys),
    owners: all(`${path}/owners?$select=id,displayName`, NamedObject),
    federated: inBeta(all(`${path}/federatedIdentityCredentials`, FederatedCredential)),
  });
  const keys = part(read.keys, "certificates", readsApplications, { keyCredentials: [] });
  const owners = part(read.owners, "owners of the application", readsApplications, []);
  const federated = part(read.federated, "federated credentials", readsApplications, []);
  return {
    keys: keys.value.keyCredentials,
    owners: owners.value,
    federated: federated.value,
    notRead: [...keys.notRead, ...owners.notRead, ...federated.notRead],
  };
}

function part<T>(
  outcome: GraphOutcome<T>,
  what: string,
  permission: string,
  otherwise: T,
): { readonly value: T; readonly notRead: readonly NotRead[] } {
  if (outcome.ok) return { value: outcome.value, notRead: [] };
  return { value: otherwise, notRead: [{ what, ...failedRead(outcome.error, permission) }] };
}

function permissionOf(
  { id, appRoleId, resourceId, resourceDisplayName }: AppRoleAssignment,
  services: ReadonlyMap<string, GraphOutcome<Service>>,
): GrantedPermission {
  const outcome = services.get(resourceId);
  const service = outcome?.ok === true ? outcome.value : undefined;
  const role = service?.appRoles.find((offered) => offered.id === appRoleId);
  return {
    id,
    appRoleId,
    resourceId,
    ...(service !== undefined && { resourceAppId: service.appId }),
    resourceName: service?.displayName ?? resourceDisplayName ?? resourceId,
    ...(role?.value && { value: role.value }),
    isOffered: role?.isEnabled === true && role.allowedMemberTypes.includes("Application"),
  };
}
