import { randomUUID } from "node:crypto";

import type { ResourceType } from "../protocol/resource.ts";
import { optional, optionalComputed, required, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { alreadyExists, attempt } from "./attempt.ts";
import { applicationId, filled, guid, oneOf, time } from "./checks.ts";
import { get, send, waitUntilGone, type AzureOperation, type Client } from "./client.ts";
import { idForm } from "./ids.ts";
import { objectsOf, stringIn, textOf, type Json } from "./json.ts";
import { keyCredential } from "./keyCredential.ts";
import { watchFor, type Sighting } from "./waits.ts";

const ids = idForm("{}/certificate/{}");
const applicationIds = idForm("/applications/{}");

/** `azuread.ApplicationCertificate`: one key credential of an application. */
export const applicationCertificate: ResourceType<Client> = {
  fields: {
    applicationId: required(applicationId, { replaces: true }),
    encoding: optional(oneOf("base64", "hex", "pem"), { replaces: true, default: "pem" }),
    endDate: optionalComputed(time, { replaces: true, conflictsWith: ["endDateRelative"] }),
    endDateRelative: optional(filled, { replaces: true, conflictsWith: ["endDate"] }),
    keyId: optionalComputed(guid, { replaces: true }),
    startDate: optionalComputed(time, { replaces: true }),
    type: optional(oneOf("AsymmetricX509Cert", "Symmetric"), { replaces: true }),
    value: required(text, { replaces: true, secret: true }),
  },
  timeouts: { create: 600, read: 300, update: 600, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    const path = stringIn(planned, "applicationId");
    const objectId = applicationIds.parse(path)[0] ?? "";
    const name = titleOf(objectId);
    const credential = keyCredential(planned, randomUUID(), `Generating certificate credentials for ${name}`);
    const keyId = textOf(credential, "keyId");
    const id = `${objectId}/certificate/${keyId}`;
    return operation.client.applicationLocks.hold(objectId, async () => {
      const existing = objectsOf(await retrieve(operation, objectId), "keyCredentials");
      if (findKey(existing, keyId) !== undefined) throw alreadyExists("azuread_application_certificate", id);
      await attempt(
        `Adding certificate for ${name}`,
        patchCredentials(operation, path, objectId, [...existing, credential]),
      );
      const { client, timeout } = operation;
      const look = async (): Promise<Sighting> => {
        return findKey(objectsOf(await get(operation, path), "keyCredentials"), keyId) === undefined
          ? "absent"
          : "done";
      };
      const watch = { interval: 1, occurrences: 5, timeout };
      await attempt(`Waiting for certificate credential for ${name}`, watchFor(client.waits, watch, look));
      // Only now does the official plugin note the id: what fails before leaves a credential that no state knows.
      operation.setId(id);
      return { ...planned, ...(await read(operation, id)) };
    });
  },

  read,

  async delete(operation, id) {
    const [objectId = "", keyId = ""] = ids.parse(id);
    const path = `/applications/${objectId}`;
    await operation.client.applicationLocks.hold(objectId, async () => {
      const existing = objectsOf(await retrieve(operation, objectId), "keyCredentials");
      const others = existing.filter((credential) => !hasKeyId(credential, keyId));
      const summary = `Removing certificate credential "${keyId}" from application with object ID "${objectId}"`;
      await attempt(summary, patchCredentials(operation, path, objectId, others));
      await attempt(
        `Waiting for deletion of certificate credential "${keyId}" from application with object ID "${objectId}"`,
        waitUntilGone(operation, async () => {
          return findKey(objectsOf(await get(operation, path), "keyCredentials"), keyId) !== undefined;
        }),
      );
    });
  },
};

/** An application that is gone is an error here, unlike in every other type: so does the official plugin. */
async function read(operation: AzureOperation, id: string): Promise<Properties | undefined> {
  const [objectId = "", keyId = ""] = ids.parse(id);
  const app = await retrieve(operation, objectId);
  const credential = findKey(objectsOf(app, "keyCredentials"), keyId);
  if (credential === undefined) return undefined;
  return {
    applicationId: `/applications/${objectId}`,
    endDate: textOf(credential, "endDateTime"),
    keyId,
    startDate: textOf(credential, "startDateTime"),
    type: textOf(credential, "type"),
  };
}

async function retrieve(operation: AzureOperation, objectId: string): Promise<Json> {
  const application = get(operation, `/applications/${objectId}`);
  return attempt(`Retrieving ${titleOf(objectId)}`, application, { attribute: "application_id" });
}

async function patchCredentials(
  operation: AzureOperation,
  path: string,
  id: string,
  keyCredentials: readonly Json[],
): Promise<void> {
  await send(operation, "PATCH", path, {
    body: { "@odata.type": "#microsoft.graph.application", id, keyCredentials },
  });
}

function findKey(credentials: readonly Json[], keyId: string): Json | undefined {
  return credentials.find((credential) => hasKeyId(credential, keyId));
}

function hasKeyId(credential: Json, keyId: string): boolean {
  return textOf(credential, "keyId").toLowerCase() === keyId.toLowerCase();
}

function titleOf(objectId: string): string {
  return `Application (Application: "${objectId}")`;
}
