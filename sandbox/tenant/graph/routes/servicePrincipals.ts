import { checkNewKeyCredential } from "../../directory/credentialPolicy.ts";
import { microsoftApplication } from "../../catalogue/microsoftServicePrincipals.ts";
import { badRequest, GraphError, resourceNotFound } from "../errors.ts";
import { checkInstanceLock } from "../../directory/instanceLock.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { replaceKeyCredentials } from "../../directory/keyCredentials.ts";
import { checkBody } from "../../model/checkBody.ts";
import { propertiesOf } from "../../model/entityType.ts";
import { servicePrincipalType } from "../../model/servicePrincipal.ts";
import { replacePasswordCredentials } from "../../directory/passwordCredentials.ts";
import { presentServicePrincipal } from "../../directory/present.ts";
import { entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { newMicrosoftServicePrincipal, newServicePrincipal } from "../../directory/newObjects.ts";
import {
  applicationByAppId,
  first,
  servicePrincipalOfApplication,
  type ServicePrincipal,
} from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import { deleteServicePrincipal } from "../../directory/deletion.ts";
import { writeAttributes } from "../../directory/securityAttributes.ts";
import { alternateKey, keyToCreate } from "./alternateKeys.ts";
import { ownedBy, servicePrincipalExpansions } from "./expansions.ts";
import { listRoutes } from "./listRoutes.ts";
import {
  applicationAdministrators,
  directoryReaders,
  readApplications,
  writeOwnApplications,
  writeServicePrincipals,
} from "./permissions.ts";
import { propertyRoutes } from "./propertyRoutes.ts";
import { membershipRoutes } from "./membershipRoutes.ts";
import { idOf } from "./references.ts";
import { addOwner, boundOwners, ownersOf, removeOwner } from "./owners.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";

const reading = {
  type: servicePrincipalType,
  permissions: readApplications,
  directoryRoles: directoryReaders,
};
const writing = {
  type: servicePrincipalType,
  permissions: writeServicePrincipals,
  permissionsOfOwners: writeOwnApplications,
  directoryRoles: applicationAdministrators,
};

/** Service principals and their owners. */
export const servicePrincipalRoutes: readonly GraphRoute[] = [
  ...listRoutes({
    ...reading,
    path: "/servicePrincipals",
    expand: servicePrincipalExpansions,
    all: (request) =>
      [...request.tenant.servicePrincipals.values()].map((principal) =>
        presentServicePrincipal(request.store, principal),
      ),
  }),
  {
    ...writing,
    method: "POST",
    path: "/servicePrincipals",
    title: "Create a service principal",
    takesBody: true,
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: "/servicePrincipals/:id",
    title: "Read a service principal",
    query: ["$select", "$expand"],
    expand: servicePrincipalExpansions,
    handle: read,
  },
  {
    ...writing,
    method: "PATCH",
    path: "/servicePrincipals/:id",
    title: "Update a service principal",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    method: "DELETE",
    path: "/servicePrincipals/:id",
    title: "Delete a service principal",
    handle: remove,
  },
  ...relationshipRoutes({
    ...reading,
    path: "/servicePrincipals/:id/owners",
    title: "List a service principal's owners",
    types: ["user", "servicePrincipal"],
    idsOf: (request) => ownersOf(request.tenant, find(request).id),
  }),
  {
    ...writing,
    method: "POST",
    path: "/servicePrincipals/:id/owners/$ref",
    title: "Add an owner to a service principal",
    takesBody: true,
    handle: (request) => addOwner(request, find(request).id),
  },
  {
    ...writing,
    method: "DELETE",
    path: "/servicePrincipals/:id/owners/:ownerId/$ref",
    title: "Remove an owner from a service principal",
    handle: (request) => removeOwner(request, find(request).id),
  },
  ...propertyRoutes(reading, "/servicePrincipals/:id", ["appRoles", "oauth2PermissionScopes"], (request) =>
    presentServicePrincipal(request.store, find(request)),
  ),
  ...relationshipRoutes({
    ...reading,
    path: "/servicePrincipals/:id/ownedObjects",
    title: "List what a service principal owns",
    types: ["application", "servicePrincipal", "group"],
    idsOf: (request) => ownedBy(request.tenant.owners, find(request).id),
  }),
  ...membershipRoutes({
    ...reading,
    path: "/servicePrincipals/:id",
    what: "a service principal",
    idOf: (request) => find(request).id,
  }),
];

/** The service principal that a path names. @throws GraphError */
export function find(request: GraphRequest): ServicePrincipal {
  const principal = findByKey(request);
  if (principal === undefined) throw resourceNotFound(request.params.id ?? "");
  return principal;
}

/** By object id, or by application id in `servicePrincipals(appId='…')`. */
function findByKey(request: GraphRequest): ServicePrincipal | undefined {
  const appId = alternateKey(request.params.id, "appId");
  return appId === undefined
    ? request.tenant.servicePrincipals.get(idOf(request))
    : servicePrincipalOfApplication(request.tenant, appId);
}

function read(request: GraphRequest): Reply {
  const withKeys = request.query.select?.includes("keyCredentials") ?? false;
  return entity(
    request,
    servicePrincipalType,
    presentServicePrincipal(request.store, find(request), withKeys),
  );
}

function create(request: GraphRequest): Reply {
  const { tenant, store, now } = request;
  const { properties, bindings } = checkBody(
    request.body,
    servicePrincipalType,
    propertiesOf(servicePrincipalType, request.version),
    undefined,
  );
  const appId = textOf(properties.appId).toLowerCase();
  if (servicePrincipalOfApplication(tenant, appId) !== undefined) {
    throw new GraphError(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  }
  const owners = boundOwners(tenant, bindings.owners ?? []);
  const made = {
    ...newPrincipal(request, appId),
    createdDateTime: toGraphTime(now),
    createdByAppId: request.caller.appId,
  };
  const principal = applied(made, { ...properties, appId }, request);
  tenant.servicePrincipals.set(principal.id, principal);
  const callerOwns = !request.caller.roles.some((role) => writeServicePrincipals.includes(role));
  const all = new Set([...owners, ...(callerOwns ? [request.caller.objectId] : [])]);
  tenant.owners.push(...[...all].map((to) => ({ from: principal.id, to })));
  return entity(request, servicePrincipalType, presentServicePrincipal(store, principal), 201);
}

/** A service principal of this tenant's application, of another's that lets others in, or of Microsoft's. */
function newPrincipal(request: GraphRequest, appId: string): ServicePrincipal {
  const { tenant, store, now } = request;
  const own = applicationByAppId(tenant, appId);
  if (own !== undefined) return newServicePrincipal(own, tenant.id, now);
  const catalogued = microsoftApplication(appId);
  if (catalogued !== undefined) return newMicrosoftServicePrincipal(tenant, catalogued);
  const home = first(store.tenants.values(), (other) => applicationByAppId(other, appId) !== undefined);
  const application = home && applicationByAppId(home, appId);
  if (home === undefined || application === undefined) {
    throw badRequest(
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    );
  }
  if (application.signInAudience === "AzureADMyOrg") {
    throw new GraphError(
      403,
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    );
  }
  return newServicePrincipal(application, home.id, now);
}

function update(request: GraphRequest): Reply {
  const appId = keyToCreate(request, "appId");
  if (appId !== undefined && findByKey(request) === undefined)
    return create({ ...request, body: { ...request.body, appId } });
  const principal = find(request);
  const { properties } = checkBody(
    request.body,
    servicePrincipalType,
    propertiesOf(servicePrincipalType, request.version),
    presentServicePrincipal(request.store, principal),
  );
  request.tenant.servicePrincipals.set(principal.id, applied(principal, properties, request));
  return noContent;
}

function remove(request: GraphRequest): Reply {
  deleteServicePrincipal(request.tenant, find(request), request.now);
  return noContent;
}

function applied(
  principal: ServicePrincipal,
  properties: JsonObject,
  request: GraphRequest,
): ServicePrincipal {
  const { keyCredentials, passwordCredentials, customSecurityAttributes, ...rest } = properties;
  const written: ServicePrincipal = {
    ...principal,
    ...rest,
    ...(customSecurityAttributes === undefined
      ? {}
      : {
          customSecurityAttributes: writeAttributes(
            principal.customSecurityAttributes,
            customSecurityAttributes,
          ),
        }),
    keyCredentials:
      keyCredentials === undefined
        ? principal.keyCredentials
        : replaceKeyCredentials(keyCredentials, principal.keyCredentials, request.now, (credential) =>
            checkNewKeyCredential(request, principal, credential),
          ),
    passwordCredentials:
      passwordCredentials === undefined
        ? principal.passwordCredentials
        : replacePasswordCredentials(passwordCredentials, principal.passwordCredentials, "servicePrincipal"),
  };
  for (const name of ["keyCredentials", "passwordCredentials", "tokenEncryptionKeyId"] as const) {
    const isUnchanged = JSON.stringify(written[name]) === JSON.stringify(principal[name]);
    if (!isUnchanged) checkInstanceLock(request.store, principal, name);
  }
  return written;
}
