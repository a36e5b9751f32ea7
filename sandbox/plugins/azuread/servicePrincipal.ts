import { randomUUID } from "node:crypto";

import { Diagnostic, type ResourceType } from "../protocol/resource.ts";
import {
  computed,
  flag,
  list as listOf,
  object,
  optional,
  optionalComputed,
  required,
  set,
  text,
} from "../protocol/schema.ts";
import { sameValue, type Properties } from "../protocol/values.ts";
import { alreadyExists, attempt, unlessGone } from "./attempt.ts";
import { ofLength, filled, guid, oneOf } from "./checks.ts";
import { get, list, send, waitUntilGone, type AzureOperation, type Client } from "./client.ts";
import { featureTagShape, tagsOf } from "./featureTags.ts";
import { idForm } from "./ids.ts";
import { booleanIn, objectsIn, orNull, stringIn, textOf, type Json } from "./json.ts";
import { finishOwners, newOwners, updateOwners } from "./owners.ts";
import { plainSetIn, setIn } from "./sets.ts";
import { servicePrincipalOutputs, servicePrincipalState } from "./servicePrincipalState.ts";

const ids = idForm("/servicePrincipals/{}");
const type = "#microsoft.graph.servicePrincipal";

/** `azuread.ServicePrincipal`. */
export const servicePrincipal: ResourceType<Client> = {
  fields: {
    ...servicePrincipalOutputs,
    accountEnabled: optional(flag, { default: true }),
    alternativeNames: optional(set(filled)),
    appRoleAssignmentRequired: optional(flag),
    clientId: required(guid, { replaces: true }),
    description: optional(ofLength(0, 1024)),
    displayName: computed(text),
    featureTags: optionalComputed(listOf(featureTagShape), { conflictsWith: ["features", "tags"] }),
    features: optionalComputed(
      listOf(
        object({
          customSingleSignOnApp: optional(flag),
          enterpriseApplication: optional(flag),
          galleryApplication: optional(flag),
          visibleToUsers: optional(flag, { default: true }),
        }),
      ),
      { conflictsWith: ["featureTags", "tags"], deprecated: true },
    ),
    loginUrl: optional(text),
    notes: optional(ofLength(0, 1024)),
    notificationEmailAddresses: optional(set(filled)),
    objectId: computed(text),
    owners: optional(set(guid)),
    preferredSingleSignOnMode: optional(oneOf("", "notSupported", "oidc", "password", "saml")),
    samlSingleSignOn: optional(object({ relayState: optional(filled) })),
    tags: optionalComputed(set(text), { conflictsWith: ["features", "featureTags"] }),
    useExisting: optional(flag),
  },
  schemaVersion: 1,
  timeouts: { create: 600, read: 300, update: 600, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    const existing = await findExisting(operation, stringIn(planned, "clientId"));
    if (existing !== undefined) {
      const found = textOf(existing, "id");
      if (!booleanIn(planned, "useExisting")) throw alreadyExists("azuread_service_principal", found);
      operation.setId(`/servicePrincipals/${found}`);
      return update(operation, `/servicePrincipals/${found}`, {}, planned);
    }
    const owners = newOwners(operation, planned);
    const body = {
      ...settings(planned, {}),
      appId: stringIn(planned, "clientId"),
      description: `TERRAFORM_UPDATE_${randomUUID()}`,
      "owners@odata.bind": owners.bound,
    };
    const created = await attempt(
      "Could not create service principal",
      send(operation, "POST", "/servicePrincipals", { body, retryIf: replicates }),
    );
    const id = `/servicePrincipals/${textOf(created, "id")}`;
    operation.setId(id);
    // A single 404 ends this: the official plugin tries the like again for an application, but not here.
    await attempt(
      "Failed to patch service principal after creating",
      send(operation, "PATCH", id, {
        body: { "@odata.type": type, description: orNull(stringIn(planned, "description")) },
      }),
      { ifNotFound: "Timed out whilst waiting for new service principal to be replicated in Azure AD" },
    );
    await finishOwners(operation, id, owners, titleOf(id));
    const found = await read(operation, id);
    return found && { ...planned, ...found };
  },

  read,
  update,

  async delete(operation, id, state) {
    const adopted = booleanIn(state, "useExisting");
    try {
      await attempt(`Deleting ${titleOf(id)}`, send(operation, "DELETE", id), { attribute: "id" });
    } catch (error) {
      // The official plugin takes no notice of a refusal to delete what it found there, and does not wait either.
      if (!adopted) throw error;
    }
    if (adopted) return;
    const isThere = async () => (await unlessGone(get(operation, id))) !== undefined;
    await attempt(`Waiting for deletion of ${titleOf(id)}`, waitUntilGone(operation, isThere));
  },
};

async function update(
  operation: AzureOperation,
  id: string,
  prior: Properties,
  planned: Properties,
): Promise<Properties> {
  await attempt(`Updating ${titleOf(id)}`, send(operation, "PATCH", id, { body: settings(planned, prior) }));
  await updateOwners(operation, id, prior, planned, titleOf(id));
  return { ...planned, ...(await read(operation, id)) };
}

async function read(operation: AzureOperation, id: string): Promise<Properties | undefined> {
  const name = titleOf(id);
  const principal = await attempt(`Retrieving ${name}`, unlessGone(get(operation, id)));
  if (principal === undefined) return undefined;
  const query = { $select: "samlMetadataUrl" };
  const beta = await attempt(`Retrieving ${name} (beta API)`, get(operation, id, { beta: true, query }));
  const state = servicePrincipalState(principal, beta);
  operation.learn(state);
  const owners = await attempt(`Could not retrieve owners for ${name}`, list(operation, `${id}/owners`), {
    attribute: "owners",
  });
  return { ...state, owners: owners.map((owner) => textOf(owner, "id")) };
}

async function findExisting(operation: AzureOperation, clientId: string): Promise<Json | undefined> {
  const query = { $filter: `appId eq '${clientId}'` };
  const found = await attempt(
    "Could not list existing service principals",
    list(operation, "/servicePrincipals", query),
  );
  if (found.length > 1) {
    throw new Diagnostic(
      "Could not list existing service principals",
      `unexpected number of service principals returned (expected: 1, received: ${found.length}`,
    );
  }
  return found[0];
}

function settings(planned: Properties, prior: Properties): Json {
  const saml = objectsIn(planned, "samlSingleSignOn")[0];
  return {
    "@odata.type": type,
    accountEnabled: booleanIn(planned, "accountEnabled"),
    alternativeNames: setIn(planned, "alternativeNames"),
    appRoleAssignmentRequired: booleanIn(planned, "appRoleAssignmentRequired"),
    description: orNull(stringIn(planned, "description")),
    loginUrl: orNull(stringIn(planned, "loginUrl")),
    notes: orNull(stringIn(planned, "notes")),
    notificationEmailAddresses: setIn(planned, "notificationEmailAddresses"),
    preferredSingleSignOnMode: orNull(stringIn(planned, "preferredSingleSignOnMode")),
    samlSingleSignOnSettings: saml === undefined ? {} : { relayState: stringIn(saml, "relayState") },
    tags: tagsFor(planned, prior),
  };
}

/** Flags count only where they change: otherwise the tags that are there stay. */
function tagsFor(planned: Properties, prior: Properties): string[] {
  for (const name of ["featureTags", "features"]) {
    const features = objectsIn(planned, name)[0];
    if (features !== undefined && !sameValue(planned[name], prior[name])) return tagsOf(features);
  }
  return plainSetIn(planned, "tags");
}

function replicates(status: number, reason: string): boolean {
  if (status === 400)
    return /The appId '.+' of the service principal does not reference a valid application object/.test(
      reason,
    );
  const misleading =
    "When using this permission, the backing application of the service principal being created must in the local tenant";
  return status === 403 && reason.includes(misleading);
}

function titleOf(id: string): string {
  return `Service Principal (Service Principal: "${ids.parse(id)[0]}")`;
}
