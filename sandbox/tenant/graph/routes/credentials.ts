import { checkNewKeyCredential, checkNewPassword } from "../../directory/credentialPolicy.ts";
import { checkInstanceLock } from "../../directory/instanceLock.ts";
import { badRequest, invalidValue, requiredValue, unknownProperty } from "../errors.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../json.ts";
import { presentKeyCredentials, replaceKeyCredentials } from "../../directory/keyCredentials.ts";
import {
  applicationType,
  keyCredentialProperties,
  passwordCredentialProperties,
} from "../../model/application.ts";
import { checkValue } from "../../model/checkBody.ts";
import { dateTime, record, text } from "../../model/property.ts";
import { servicePrincipalType } from "../../model/servicePrincipal.ts";
import { makePassword, presentPasswordCredentials } from "../../directory/passwordCredentials.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import type { Application, KeyCredential, ServicePrincipal } from "../../state.ts";
import { find as findApplication } from "./applications.ts";
import { applicationAdministrators, writeOwnApplications, writeServicePrincipals } from "./permissions.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";
import { checkProof } from "./proofOfPossession.ts";

export type Holder = Application | ServicePrincipal;

/** The actions that add and remove secrets and certificates one by one. */
export const credentialRoutes: readonly GraphRoute[] = [
  ...actionsOf("/applications/:id", applicationType, findApplication),
  ...actionsOf("/servicePrincipals/:id", servicePrincipalType, findServicePrincipal),
];

function actionsOf(
  path: string,
  type: GraphRoute["type"],
  find: (request: GraphRequest) => Holder,
): readonly GraphRoute[] {
  const action = {
    method: "POST",
    type,
    takesBody: true,
    permissions: writeServicePrincipals,
    permissionsOfOwners: writeOwnApplications,
    directoryRoles: applicationAdministrators,
  } as const;
  return [
    {
      ...action,
      path: `${path}/addPassword`,
      title: "Add a secret",
      handle: (request) => addPassword(request, find(request)),
    },
    {
      ...action,
      path: `${path}/removePassword`,
      title: "Remove a secret",
      handle: (request) => removePassword(request, find(request)),
    },
    {
      ...action,
      path: `${path}/addKey`,
      title: "Add a certificate, with proof of a present one",
      handle: async (request) => {
        await checkProof(request, find(request));
        return addKey(request, find(request));
      },
    },
    {
      ...action,
      path: `${path}/removeKey`,
      title: "Remove a certificate, with proof of a present one",
      handle: async (request) => {
        await checkProof(request, find(request));
        return removeKey(request, find(request));
      },
    },
  ];
}

function addPassword(request: GraphRequest, holder: Holder): Reply {
  checkParameters(request.body, ["passwordCredential"]);
  const {
    displayName = text(),
    startDateTime = dateTime(),
    endDateTime = dateTime(),
  } = passwordCredentialProperties;
  const asked = record({ displayName, startDateTime, endDateTime });
  const properties = checkValue(
    request.body.passwordCredential ?? {},
    asked,
    "passwordCredential",
    request.url.pathname,
  );
  const { credential, secretText } = makePassword(isJsonObject(properties) ? properties : {}, request.now);
  checkInstanceLock(request.store, holder, "passwordCredentials");
  checkNewPassword(request, holder, credential);
  holder.passwordCredentials.push(credential);
  const [shown] = presentPasswordCredentials([credential]);
  return { status: 200, body: { ...shown, secretText } };
}

function removePassword(request: GraphRequest, holder: Holder): Reply {
  const keyId = keyIdOf(request.body, ["keyId"]);
  const index = holder.passwordCredentials.findIndex((credential) => credential.keyId === keyId);
  if (index < 0) throw badRequest("No password credential found with keyId.");
  checkInstanceLock(request.store, holder, "passwordCredentials");
  holder.passwordCredentials.splice(index, 1);
  return noContent;
}

function addKey(request: GraphRequest, holder: Holder): Reply {
  checkParameters(request.body, ["keyCredential", "passwordCredential", "proof"]);
  if ((request.body.passwordCredential ?? null) !== null)
    throw invalidValue("passwordCredential", "keyCredential");
  const checked = checkValue(
    request.body.keyCredential ?? null,
    { ...record(keyCredentialProperties), nullable: false },
    "keyCredential",
    "keyCredential",
  );
  checkInstanceLock(request.store, holder, "keyCredentials");
  const credentials = replaceKeyCredentials(
    [...holder.keyCredentials.map(reference), checked],
    holder.keyCredentials,
    request.now,
    (credential) => checkNewKeyCredential(request, holder, credential),
  );
  holder.keyCredentials = credentials;
  const [shown] = presentKeyCredentials(credentials.slice(-1), false);
  return { status: 200, body: shown ?? {} };
}

function removeKey(request: GraphRequest, holder: Holder): Reply {
  const keyId = keyIdOf(request.body, ["keyId", "proof"]);
  const index = holder.keyCredentials.findIndex((credential) => credential.keyId === keyId);
  if (index < 0) throw badRequest("No credentials found to be removed.", "CredentialsNotFound");
  checkInstanceLock(request.store, holder, "keyCredentials");
  holder.keyCredentials.splice(index, 1);
  return noContent;
}

function reference(credential: KeyCredential): Json {
  return { keyId: credential.keyId };
}

function keyIdOf(body: JsonObject, parameters: readonly string[]): string {
  checkParameters(body, parameters);
  const keyId = textOf(body.keyId);
  if (keyId === "") throw requiredValue("keyId", "passwordCredential");
  return keyId;
}

function checkParameters(body: JsonObject, parameters: readonly string[]): void {
  for (const name of Object.keys(body)) {
    if (!parameters.includes(name) && !name.startsWith("@odata.")) throw unknownProperty(name, "action");
  }
}
