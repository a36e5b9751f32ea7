import type { ResourceType } from "../protocol/resource.ts";
import { computed, list, optional, required, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, attemptTwiceTold, unlessGone } from "./attempt.ts";
import { applicationId, filled, ofLength } from "./checks.ts";
import { get, send, waitUntilGone, type AzureOperation, type Client } from "./client.ts";
import { idForm } from "./ids.ts";
import { stringIn, stringsIn, textOf, textsOf, type Json } from "./json.ts";
import { watchFor, type Sighting } from "./waits.ts";

const ids = idForm("{}/federatedIdentityCredential/{}");
const applicationIds = idForm("/applications/{}");

/** `azuread.ApplicationFederatedIdentityCredential`. */
export const federatedIdentityCredential: ResourceType<Client> = {
  fields: {
    applicationId: required(applicationId, { replaces: true }),
    audiences: required(list(filled), { maximalItems: 1 }),
    credentialId: computed(text),
    description: optional(text),
    displayName: required(ofLength(1, 120), { replaces: true }),
    issuer: required(text),
    subject: required(text),
  },
  timeouts: { create: 900, read: 300, update: 300, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    const application = stringIn(planned, "applicationId");
    const objectId = applicationIds.parse(application)[0] ?? "";
    const name = `Application (Application: "${objectId}")`;
    return operation.client.applicationLocks.hold(objectId, async () => {
      await attemptTwiceTold(`retrieving ${name}`, get(operation, application));
      const created = await attempt(
        `Adding federated identity credential for ${name}`,
        send(operation, "POST", `${application}/federatedIdentityCredentials`, { body: bodyOf(planned) }),
      );
      const credentialId = textOf(created, "id");
      const path = pathOf(objectId, credentialId);
      const look = async (): Promise<Sighting> =>
        (await unlessGone(get(operation, path))) === undefined ? "absent" : "done";
      const watch = { interval: 1, occurrences: 5, timeout: operation.timeout };
      await attempt(
        `Waiting for ${titleOf(objectId, credentialId)}`,
        watchFor(operation.client.waits, watch, look),
      );
      const id = `${objectId}/federatedIdentityCredential/${credentialId}`;
      operation.setId(id);
      return (await read(operation, id)) ?? {};
    });
  },

  read,

  async update(operation, id, _, planned) {
    const [objectId = "", credentialId = ""] = ids.parse(id);
    return operation.client.applicationLocks.hold(objectId, async () => {
      await attempt(
        `Updating federated identity credential with ID "${credentialId}" for application with object ID "${objectId}"`,
        send(operation, "PATCH", pathOf(objectId, credentialId), {
          body: { ...bodyOf(planned), id: credentialId },
        }),
      );
      return (await read(operation, id)) ?? {};
    });
  },

  async delete(operation, id) {
    const [objectId = "", credentialId = ""] = ids.parse(id);
    const path = pathOf(objectId, credentialId);
    const name = titleOf(objectId, credentialId);
    await operation.client.applicationLocks.hold(objectId, async () => {
      await attempt(`Removing ${name}`, send(operation, "DELETE", path));
      const isThere = async () => (await unlessGone(get(operation, path))) !== undefined;
      await attempt(`Waiting for deletion of ${name}`, waitUntilGone(operation, isThere));
    });
  },
};

async function read(operation: AzureOperation, id: string): Promise<Properties | undefined> {
  const [objectId = "", credentialId = ""] = ids.parse(id);
  const found = await attempt(
    `Retrieving federated identity credential with ID "${credentialId}" for application with object ID "${objectId}"`,
    unlessGone(get(operation, pathOf(objectId, credentialId))),
    { attribute: "id" },
  );
  if (found === undefined) return undefined;
  return {
    applicationId: `/applications/${objectId}`,
    audiences: textsOf(found, "audiences"),
    credentialId,
    description: textOf(found, "description"),
    displayName: textOf(found, "name"),
    issuer: textOf(found, "issuer"),
    subject: textOf(found, "subject"),
  };
}

function bodyOf(planned: Properties): Json {
  return {
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    audiences: stringsIn(planned, "audiences"),
    description: stringIn(planned, "description"),
    issuer: stringIn(planned, "issuer"),
    name: stringIn(planned, "displayName"),
    subject: stringIn(planned, "subject"),
  };
}

function pathOf(objectId: string, credentialId: string): string {
  return `/applications/${objectId}/federatedIdentityCredentials/${credentialId}`;
}

function titleOf(objectId: string, credentialId: string): string {
  return `Application Id Federated Identity Credential (Application: "${objectId}"\nFederated Identity Credential: "${credentialId}")`;
}
