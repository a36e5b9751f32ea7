import { randomUUID } from "node:crypto";
import { badRequest, GraphError, invalidValue, resourceNotFound } from "../errors.ts";
import { textOf, type Json } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { federatedIdentityCredentialType } from "../../model/directory.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import type { FederatedIdentityCredential } from "../../state.ts";
import { find as findApplication } from "./applications.ts";
import {
  applicationAdministrators,
  directoryReaders,
  writeApplications,
  writeOwnApplications,
} from "./permissions.ts";

/** How many an application may have: Microsoft documents twenty. */
const maxCredentials = 20;

const path = "/applications/:id/federatedIdentityCredentials";
const type = federatedIdentityCredentialType;
const reading = {
  type,
  permissions: ["Application.Read.All", ...writeApplications, ...writeOwnApplications],
  directoryRoles: directoryReaders,
};
const writing = {
  type,
  permissions: writeApplications,
  permissionsOfOwners: writeOwnApplications,
  directoryRoles: applicationAdministrators,
};

/** Federated identity credentials: workloads elsewhere that may sign in as the application. */
export const federatedIdentityCredentialRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path,
    title: "List an application's federated identity credentials",
    query: ["$select", "$filter", "$top"],
    handle: (request) => collection(request, type, credentialsOf(request)),
  },
  {
    ...writing,
    method: "POST",
    path,
    title: "Create a federated identity credential",
    takesBody: true,
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: `${path}/:credentialId`,
    title: "Read a federated identity credential, by id or name",
    query: ["$select"],
    handle: (request) => entity(request, type, find(request)),
  },
  {
    ...writing,
    method: "PATCH",
    path: `${path}/:credentialId`,
    title: "Update a federated identity credential",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    method: "DELETE",
    path: `${path}/:credentialId`,
    title: "Delete a federated identity credential",
    handle: (request) => {
      request.tenant.federatedIdentityCredentials.delete(find(request).id);
      return noContent;
    },
  },
];

function credentialsOf(request: GraphRequest): readonly FederatedIdentityCredential[] {
  const application = findApplication(request);
  return [...request.tenant.federatedIdentityCredentials.values()].filter(
    (credential) => credential.applicationId === application.id,
  );
}

function find(request: GraphRequest): FederatedIdentityCredential {
  const key = request.params.credentialId ?? "";
  const credential = credentialsOf(request).find(
    (candidate) => candidate.id === key.toLowerCase() || candidate.name === key,
  );
  if (credential === undefined) throw resourceNotFound(key);
  return credential;
}

function create(request: GraphRequest): Reply {
  const existing = credentialsOf(request);
  const { properties } = checkBody(request.body, type, type.properties, undefined);
  if (existing.length >= maxCredentials) {
    throw badRequest(
      `The number of federated identity credentials exceeds the limit of ${maxCredentials}.`,
      "Directory_QuotaExceeded",
    );
  }
  const credential: FederatedIdentityCredential = {
    id: randomUUID(),
    applicationId: findApplication(request).id,
    audiences: audiencesOf(properties.audiences),
    description: properties.description ?? null,
    issuer: textOf(properties.issuer),
    name: textOf(properties.name),
    subject: textOf(properties.subject),
  };
  check(credential, existing);
  request.tenant.federatedIdentityCredentials.set(credential.id, credential);
  return entity(request, type, credential, 201);
}

function update(request: GraphRequest): Reply {
  const credential = find(request);
  const { properties } = checkBody(request.body, type, type.properties, credential);
  const written: FederatedIdentityCredential = {
    ...credential,
    ...properties,
    audiences: properties.audiences === undefined ? credential.audiences : audiencesOf(properties.audiences),
    issuer: textOf(properties.issuer ?? credential.issuer),
    subject: textOf(properties.subject ?? credential.subject),
  };
  check(
    written,
    credentialsOf(request).filter((other) => other.id !== credential.id),
  );
  request.tenant.federatedIdentityCredentials.set(credential.id, written);
  return noContent;
}

/** Name, and issuer with subject, are each unique on an application; there is exactly one audience. */
function check(
  credential: FederatedIdentityCredential,
  others: readonly FederatedIdentityCredential[],
): void {
  if (credential.audiences.length !== 1) throw invalidValue("audiences", type.name);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(credential.name)) throw invalidValue("name", type.name);
  for (const other of others) {
    if (other.name === credential.name) throw duplicate(`with name ${credential.name}`);
    if (other.issuer === credential.issuer && other.subject === credential.subject) {
      throw duplicate(`with issuer ${credential.issuer} and subject ${credential.subject}`);
    }
  }
}

function duplicate(which: string): GraphError {
  return new GraphError(
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    `FederatedIdentityCredential ${which} already exists.`,
  );
}

function audiencesOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((item: Json) => textOf(item)) : [];
}
