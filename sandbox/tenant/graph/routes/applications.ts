import { checkNewKeyCredential } from "../../directory/credentialPolicy.ts";
import { badRequest, conflictingObject, resourceNotFound } from "../errors.ts";
import { everythingLocked } from "../../directory/instanceLock.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../json.ts";
import { replaceKeyCredentials } from "../../directory/keyCredentials.ts";
import { applicationType } from "../../model/application.ts";
import { checkBody } from "../../model/checkBody.ts";
import { propertiesOf } from "../../model/entityType.ts";
import { replacePasswordCredentials } from "../../directory/passwordCredentials.ts";
import { presentApplication } from "../../directory/present.ts";
import { entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { newApplication } from "../../directory/newObjects.ts";
import { first, servicePrincipalOfApplication, type Application } from "../../state.ts";
import { deleteApplication } from "../../directory/deletion.ts";
import { checkUniqueName, keyToCreate, objectByAlternateKey } from "./alternateKeys.ts";
import { applicationExpansions } from "./expansions.ts";
import { listRoutes } from "./listRoutes.ts";
import {
  applicationAdministrators,
  directoryReaders,
  readApplications,
  writeApplications,
  writeOwnApplications,
} from "./permissions.ts";
import { propertyRoutes } from "./propertyRoutes.ts";
import { idOf } from "./references.ts";
import { addOwner, boundOwners, ownersOf, removeOwner } from "./owners.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";

/** The largest logo, in octets. */
const maxLogo = 100 * 1024;

const reading = { type: applicationType, permissions: readApplications, directoryRoles: directoryReaders };
const writing = {
  type: applicationType,
  permissions: writeApplications,
  permissionsOfOwners: writeOwnApplications,
  directoryRoles: applicationAdministrators,
};

/** Applications and their owners. */
export const applicationRoutes: readonly GraphRoute[] = [
  ...listRoutes({
    ...reading,
    path: "/applications",
    expand: applicationExpansions,
    all: (request) =>
      [...request.tenant.applications.values()].map((application) => presentApplication(application)),
  }),
  {
    ...writing,
    method: "POST",
    path: "/applications",
    title: "Create an application",
    takesBody: true,
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: "/applications/:id",
    title: "Read an application",
    query: ["$select", "$expand"],
    expand: applicationExpansions,
    handle: read,
  },
  {
    ...writing,
    method: "PATCH",
    path: "/applications/:id",
    title: "Update an application",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    method: "DELETE",
    path: "/applications/:id",
    title: "Delete an application and its service principal",
    handle: remove,
  },
  {
    ...writing,
    method: "PUT",
    path: "/applications/:id/logo",
    title: "Set an application's logo",
    takesBody: "picture",
    differences: "`info.logoUrl` stays empty.",
    handle: setLogo,
  },
  {
    ...reading,
    method: "GET",
    path: "/applications/:id/logo",
    title: "Read an application's logo",
    handle: readLogo,
  },
  ...propertyRoutes(reading, "/applications/:id", ["appRoles"], (request) =>
    presentApplication(find(request)),
  ),
  ...relationshipRoutes({
    ...reading,
    path: "/applications/:id/owners",
    title: "List an application's owners",
    types: ["user", "servicePrincipal"],
    idsOf: (request) => ownersOf(request.tenant, find(request).id),
  }),
  {
    ...writing,
    method: "POST",
    path: "/applications/:id/owners/$ref",
    title: "Add an owner to an application",
    takesBody: true,
    handle: (request) => addOwner(request, find(request).id),
  },
  {
    ...writing,
    method: "DELETE",
    path: "/applications/:id/owners/:ownerId/$ref",
    title: "Remove an owner from an application",
    handle: (request) => removeOwner(request, find(request).id),
  },
];

/** The application that a path names. @throws GraphError */
export function find(request: GraphRequest): Application {
  const application = findByKey(request);
  if (application === undefined) throw resourceNotFound(request.params.id ?? "");
  return application;
}

/** By object id, or by another key in `applications(appId='…')` and `applications(uniqueName='…')`. */
function findByKey(request: GraphRequest): Application | undefined {
  const { applications } = request.tenant;
  const { id = "" } = request.params;
  if (!id.includes("=")) return applications.get(idOf(request));
  return applications.get(objectByAlternateKey(request.tenant, "applications", id)?.id ?? "");
}

function read(request: GraphRequest): Reply {
  const withKeys = request.query.select?.includes("keyCredentials") ?? false;
  return entity(request, applicationType, presentApplication(find(request), withKeys));
}

function create(request: GraphRequest): Reply {
  const { tenant, now } = request;
  const { properties, bindings } = checkBody(
    request.body,
    applicationType,
    propertiesOf(applicationType, request.version),
    undefined,
  );
  checkUniqueName(tenant.applications, properties.uniqueName);
  const application = {
    ...newApplication(tenant, textOf(properties.displayName), now),
    createdByAppId: request.caller.appId,
  };
  const owners = boundOwners(tenant, bindings.owners ?? []);
  const written = applied(
    application,
    {
      signInAudience: applicationType.properties.signInAudience?.initial ?? null,
      ...(tenant.appInstanceLock ? { servicePrincipalLockConfiguration: everythingLocked } : {}),
      ...properties,
    },
    request,
  );
  tenant.applications.set(written.id, written);
  // A caller that may only touch what it owns becomes an owner of what it creates.
  const callerOwns = !request.caller.roles.some((role) => writeApplications.includes(role));
  const all = new Set([...owners, ...(callerOwns ? [request.caller.objectId] : [])]);
  tenant.owners.push(...[...all].map((to) => ({ from: written.id, to })));
  return entity(request, applicationType, presentApplication(written), 201);
}

function update(request: GraphRequest): Reply {
  const uniqueName = keyToCreate(request, "uniqueName");
  if (uniqueName !== undefined && findByKey(request) === undefined)
    return create({ ...request, body: { ...request.body, uniqueName } });
  const application = find(request);
  const { properties } = checkBody(
    request.body,
    applicationType,
    propertiesOf(applicationType, request.version),
    presentApplication(application),
  );
  const written = applied(application, properties, request);
  request.tenant.applications.set(written.id, written);
  const principal = servicePrincipalOfApplication(request.tenant, written.appId);
  if (principal !== undefined) principal.displayName = written.displayName;
  return noContent;
}

/** Microsoft documents the types and the size. */
function setLogo(request: GraphRequest): Reply {
  const { id } = find(request);
  const { type, content } = request.picture;
  const size = content.byteLength;
  if (!/^image\/(?:gif|jpeg|png)\b/i.test(type)) {
    throw badRequest(`The logo must be a GIF, JPEG or PNG, got content type '${type}'.`);
  }
  if (size === 0 || size > maxLogo) {
    throw badRequest(`The logo must have at most ${maxLogo} octets, got ${size}.`);
  }
  request.tenant.logos.set(id, { type, base64: Buffer.from(content).toString("base64") });
  return noContent;
}

function readLogo(request: GraphRequest): Reply {
  const { id } = find(request);
  const logo = request.tenant.logos.get(id);
  if (logo === undefined) throw resourceNotFound("logo");
  const { type, base64 } = logo;
  return { status: 200, picture: { type, content: new Uint8Array(Buffer.from(base64, "base64")) } };
}

function remove(request: GraphRequest): Reply {
  deleteApplication(request.tenant, find(request), request.now);
  return noContent;
}

/** An application with these properties; the application itself stays as it is until all of them are known to fit. */
function applied(application: Application, properties: JsonObject, request: GraphRequest): Application {
  const { keyCredentials, passwordCredentials, ...rest } = properties;
  checkIdentifierUris(request, application, rest.identifierUris);
  return {
    ...application,
    ...rest,
    ...(rest.optionalClaims === undefined ? {} : { optionalClaims: claimsOrNull(rest.optionalClaims) }),
    keyCredentials:
      keyCredentials === undefined
        ? application.keyCredentials
        : replaceKeyCredentials(keyCredentials, application.keyCredentials, request.now, (credential) =>
            checkNewKeyCredential(request, application, credential),
          ),
    passwordCredentials:
      passwordCredentials === undefined
        ? application.passwordCredentials
        : replacePasswordCredentials(passwordCredentials, application.passwordCredentials, "application"),
  };
}

/** Optional claims of which there are none are null, as in Graph's answers. */
function claimsOrNull(claims: Json): Json {
  const lists = isJsonObject(claims) ? Object.values(claims) : [];
  return lists.some((list) => Array.isArray(list) && list.length > 0) ? claims : null;
}

/** An identifier URI belongs to one application of a tenant, deleted ones included. */
function checkIdentifierUris(request: GraphRequest, application: Application, uris: Json | undefined): void {
  if (!Array.isArray(uris)) return;
  const { applications, deletedItems } = request.tenant;
  const others = [...applications.values(), ...[...deletedItems.values()].map((item) => item.object)];
  const taken = first(others, (other) => {
    const theirs = other.identifierUris;
    return (
      other.id !== application.id && Array.isArray(theirs) && theirs.some((uri: Json) => uris.includes(uri))
    );
  });
  if (taken !== undefined) throw conflictingObject();
}
