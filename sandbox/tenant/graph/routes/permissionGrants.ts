import { conflictingObject, invalidValue, resourceNotFound } from "../errors.ts";
import { newOpaqueId } from "../../identifiers.ts";
import { textOf } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { permissionGrantType } from "../../model/directory.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { first, type DirectoryEntity } from "../../state.ts";
import { applicationAdministrators, consentAdministrators, directoryReaders } from "./permissions.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";
import { deltaRoute } from "./deltaRoute.ts";

const type = permissionGrantType;
const reading = {
  type,
  permissions: [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "DelegatedPermissionGrant.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
  ],
  directoryRoles: directoryReaders,
};
const writing = {
  type,
  permissions: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
  directoryRoles: [...applicationAdministrators, ...consentAdministrators],
};

/** Delegated permissions that have been consented to. */
export const permissionGrantRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path: "/oauth2PermissionGrants",
    title: "List delegated permission grants",
    query: ["$select", "$filter", "$top"],
    handle: (request) => collection(request, type, request.tenant.permissionGrants.values()),
  },
  deltaRoute({
    ...reading,
    path: "/oauth2PermissionGrants",
    all: ({ tenant }) => [...tenant.permissionGrants.values()],
  }),
  {
    ...writing,
    method: "POST",
    path: "/oauth2PermissionGrants",
    title: "Create a delegated permission grant",
    takesBody: true,
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: "/oauth2PermissionGrants/:id",
    title: "Read a delegated permission grant",
    query: ["$select"],
    handle: (request) => entity(request, type, find(request)),
  },
  {
    ...writing,
    method: "PATCH",
    path: "/oauth2PermissionGrants/:id",
    title: "Update a delegated permission grant",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    method: "DELETE",
    path: "/oauth2PermissionGrants/:id",
    title: "Delete a delegated permission grant",
    handle: (request) => {
      request.tenant.permissionGrants.delete(find(request).id);
      return noContent;
    },
  },
  {
    ...reading,
    method: "GET",
    path: "/servicePrincipals/:id/oauth2PermissionGrants",
    title: "List a service principal's delegated permission grants",
    query: ["$select", "$top"],
    handle: (request) => {
      const principal = findServicePrincipal(request);
      return collection(
        request,
        type,
        [...request.tenant.permissionGrants.values()].filter((grant) => grant.clientId === principal.id),
      );
    },
  },
];

function find(request: GraphRequest): DirectoryEntity {
  const id = request.params.id ?? "";
  const grant = request.tenant.permissionGrants.get(id);
  if (grant === undefined) throw resourceNotFound(id);
  return grant;
}

function create(request: GraphRequest): Reply {
  const { tenant } = request;
  const { properties } = checkBody(request.body, type, type.properties, undefined);
  const grant: DirectoryEntity = {
    id: newOpaqueId(),
    clientId: textOf(properties.clientId).toLowerCase(),
    consentType: properties.consentType ?? null,
    principalId: textOf(properties.principalId).toLowerCase() || null,
    resourceId: textOf(properties.resourceId).toLowerCase(),
    scope: properties.scope ?? null,
  };
  for (const id of [textOf(grant.clientId), textOf(grant.resourceId)])
    if (!tenant.servicePrincipals.has(id)) throw resourceNotFound(id);
  const isForOne = grant.consentType === "Principal";
  if (isForOne !== (grant.principalId !== null)) throw invalidValue("principalId", type.name);
  if (isForOne && !tenant.users.has(textOf(grant.principalId)))
    throw resourceNotFound(textOf(grant.principalId));
  const existing = first(tenant.permissionGrants.values(), (other) => {
    return (
      other.clientId === grant.clientId &&
      other.resourceId === grant.resourceId &&
      other.principalId === grant.principalId
    );
  });
  if (existing !== undefined) throw conflictingObject();
  tenant.permissionGrants.set(grant.id, grant);
  return entity(request, type, grant, 201);
}

function update(request: GraphRequest): Reply {
  const grant = find(request);
  const { properties } = checkBody(request.body, type, type.properties, grant);
  request.tenant.permissionGrants.set(grant.id, { ...grant, ...properties });
  return noContent;
}
