import { randomUUID } from "node:crypto";
import { badRequest, GraphError, invalidValue, requiredValue, resourceNotFound } from "../errors.ts";
import { textOf, type Json } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { federatedIdentityCredentialType } from "../../model/directory.ts";
import { propertiesOf } from "../../model/entityType.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import type { Application, FederatedIdentityCredential, ServicePrincipal } from "../../state.ts";
import { find as findApplication } from "./applications.ts";
import {
  applicationAdministrators,
  directoryReaders,
  writeApplications,
  writeOwnApplications,
} from "./permissions.ts";
import { alternateKey, keyToCreate } from "./alternateKeys.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";

/** How many an application may have: Microsoft documents twenty. */
const maxCredentials = 20;

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

/** What credentials are on: applications, and service principals. */
type FindHolder = (request: GraphRequest) => Application | ServicePrincipal;

/** Federated identity credentials: workloads elsewhere that may sign in as the application. */
export const federatedIdentityCredentialRoutes: readonly GraphRoute[] = [
  ...routesOf("/applications/:id", findApplication),
  ...routesOf("/servicePrincipals/:id", findServicePrincipal),
];

function routesOf(holder: string, findHolder: FindHolder): readonly GraphRoute[] {
  const path = `${holder}/federatedIdentityCredentials`;
  return [
    {
      ...reading,
      method: "GET",
      path,
      title: "List an object's federated identity credentials",
      query: ["$select", "$filter", "$top"],
      handle: (request) => collection(request, type, credentialsOf(request, findHolder)),
    },
    {
      ...writing,
      method: "POST",
      path,
      title: "Create a federated identity credential",
      takesBody: true,
      differences:
        "One whose subjects are told by `claimsMatchingExpression` (beta) is kept and shown, and nobody signs in with it.",
      handle: (request) => create(request, findHolder),
    },
    {
      ...reading,
      method: "GET",
      path: `${path}/:credentialId`,
      title: "Read a federated identity credential, by ID or name",
      query: ["$select"],
      handle: (request) => entity(request, type, find(request, findHolder)),
    },
    {
      ...writing,
      method: "PATCH",
      path: `${path}/:credentialId`,
      title: "Update a federated identity credential",
      takesBody: true,
      handle: (request) => update(request, findHolder),
    },
    {
      ...writing,
      method: "DELETE",
      path: `${path}/:credentialId`,
      title: "Delete a federated identity credential",
      handle: (request) => {
        request.tenant.federatedIdentityCredentials.delete(find(request, findHolder).id);
        return noContent;
      },
    },
  ];
}

function credentialsOf(
  request: GraphRequest,
  findHolder: FindHolder,
): readonly FederatedIdentityCredential[] {
  const holder = findHolder(request);
  return [...request.tenant.federatedIdentityCredentials.values()].filter(
    (credential) => credential.holderId === holder.id,
  );
}

function find(request: GraphRequest, findHolder: FindHolder): FederatedIdentityCredential {
  const credential = findByKey(request, findHolder);
  if (credential === undefined) throw resourceNotFound(request.params.credentialId ?? "");
  return credential;
}

/** By id, or by name in `federatedIdentityCredentials(name='…')` and its short forms. */
function findByKey(request: GraphRequest, findHolder: FindHolder): FederatedIdentityCredential | undefined {
  const { credentialId = "" } = request.params;
  const name = alternateKey(credentialId, "name") ?? credentialId;
  return credentialsOf(request, findHolder).find(
    (candidate) => candidate.id === name.toLowerCase() || candidate.name === name,
  );
}

function create(request: GraphRequest, findHolder: FindHolder): Reply {
  const existing = credentialsOf(request, findHolder);
  const { properties } = checkBody(request.body, type, propertiesOf(type, request.version), undefined);
  if (existing.length >= maxCredentials) {
    throw badRequest(
      `The number of federated identity credentials exceeds the limit of ${maxCredentials}.`,
      "Directory_QuotaExceeded",
    );
  }
  const credential: FederatedIdentityCredential = {
    id: randomUUID(),
    holderId: findHolder(request).id,
    audiences: audiencesOf(properties.audiences),
    description: properties.description ?? null,
    issuer: textOf(properties.issuer),
    name: textOf(properties.name),
    subject: subjectOf(properties.subject),
    claimsMatchingExpression: properties.claimsMatchingExpression ?? null,
  };
  check(credential, existing);
  request.tenant.federatedIdentityCredentials.set(credential.id, credential);
  return entity(request, type, credential, 201);
}

function update(request: GraphRequest, findHolder: FindHolder): Reply {
  const name = keyToCreate(request, "name", "credentialId");
  if (name !== undefined && findByKey(request, findHolder) === undefined)
    return create({ ...request, body: { ...request.body, name } }, findHolder);
  const credential = find(request, findHolder);
  const { properties } = checkBody(request.body, type, propertiesOf(type, request.version), credential);
  const written: FederatedIdentityCredential = {
    ...credential,
    ...properties,
    audiences: properties.audiences === undefined ? credential.audiences : audiencesOf(properties.audiences),
    issuer: textOf(properties.issuer ?? credential.issuer),
    subject: properties.subject === undefined ? credential.subject : subjectOf(properties.subject),
  };
  check(
    written,
    credentialsOf(request, findHolder).filter((other) => other.id !== credential.id),
  );
  request.tenant.federatedIdentityCredentials.set(credential.id, written);
  return noContent;
}

/**
 * Name, and issuer with subject, are each unique on an application; there is exactly one audience, and either a subject
 * or an expression.
 */
function check(
  credential: FederatedIdentityCredential,
  others: readonly FederatedIdentityCredential[],
): void {
  if (credential.audiences.length !== 1) throw invalidValue("audiences", type.name);
  if (credential.subject === null && (credential.claimsMatchingExpression ?? null) === null)
    throw requiredValue("subject", type.name);
  if (credential.subject !== null && (credential.claimsMatchingExpression ?? null) !== null)
    throw invalidValue("claimsMatchingExpression", type.name);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(credential.name)) throw invalidValue("name", type.name);
  for (const other of others) {
    if (other.name === credential.name) throw sameName(credential.name);
    if (other.issuer === credential.issuer && sameSubjects(other, credential)) throw sameTrust(credential);
  }
}

function sameSubjects(one: FederatedIdentityCredential, other: FederatedIdentityCredential): boolean {
  return subjectsOf(one) === subjectsOf(other);
}

/** The subject, or the expression that tells subjects, to be compared. */
function subjectsOf({ subject, claimsMatchingExpression }: FederatedIdentityCredential): string {
  return JSON.stringify(subject ?? claimsMatchingExpression);
}

function subjectOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** As in github.com/Azure/azure-dev/issues/1482. */
function sameName(name: string): GraphError {
  return new GraphError(
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    `FederatedIdentityCredential with name ${name} already exists.`,
  );
}

/** As in github.com/Azure/azure-workload-identity/issues/434. */
function sameTrust({ issuer, subject }: FederatedIdentityCredential): GraphError {
  return new GraphError(
    400,
    "InvalidFederatedIdentityCredentialValue",
    `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist. paramName: FederatedIdentityCredential.Subject, paramValue: ${subject}, objectType: Microsoft.Online.DirectoryServices.Application`,
  );
}

function audiencesOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((item: Json) => textOf(item)) : [];
}
