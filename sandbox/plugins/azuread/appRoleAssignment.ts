import type { ResourceType } from "../protocol/resource.ts";
import { computed, required, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, attemptTwiceTold, unlessGone } from "./attempt.ts";
import { guid } from "./checks.ts";
import { get, send, type AzureOperation, type Client } from "./client.ts";
import { idForm } from "./ids.ts";
import { stringIn, textOf } from "./json.ts";

const ids = idForm("/servicePrincipals/{}/appRoleAssignedTo/{}");

/** `azuread.AppRoleAssignment`: an application permission with its consent. */
export const appRoleAssignment: ResourceType<Client> = {
  fields: {
    appRoleId: required(guid, { replaces: true }),
    principalDisplayName: computed(text),
    principalObjectId: required(guid, { replaces: true }),
    principalType: computed(text),
    resourceDisplayName: computed(text),
    resourceObjectId: required(guid, { replaces: true }),
  },
  schemaVersion: 1,
  timeouts: { create: 300, read: 300, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    const resourceId = stringIn(planned, "resourceObjectId");
    const path = `/servicePrincipals/${resourceId}`;
    await attempt(
      `Could not retrieve service principal for resource (Object ID: "${resourceId}")`,
      get(operation, path),
      {
        ifNotFound: `Service principal not found for resource (Object ID: "${resourceId}")`,
        // The wrong one, but so says the official plugin.
        attribute: "principal_object_id",
      },
    );
    const body = {
      "@odata.type": "#microsoft.graph.appRoleAssignment",
      appRoleId: stringIn(planned, "appRoleId"),
      principalId: stringIn(planned, "principalObjectId"),
      resourceId,
    };
    const created = await attempt(
      "Could not create app role assignment",
      send(operation, "POST", `${path}/appRoleAssignedTo`, { body, retryIf: replicates }),
    );
    const id = `/servicePrincipals/${textOf(created, "resourceId")}/appRoleAssignedTo/${textOf(created, "id")}`;
    operation.setId(id);
    return read(operation, id);
  },

  read,

  async delete(operation, id) {
    // What is gone already is a failure, too.
    await attemptTwiceTold(`Deleting ${titleOf(id)}`, send(operation, "DELETE", id), { attribute: "id" });
  },
};

async function read(operation: AzureOperation, id: string): Promise<Properties | undefined> {
  const found = await attempt(`retrieving ${titleOf(id)}`, unlessGone(get(operation, id)));
  if (found === undefined) return undefined;
  return {
    appRoleId: textOf(found, "appRoleId"),
    principalDisplayName: textOf(found, "principalDisplayName"),
    principalObjectId: textOf(found, "principalId"),
    principalType: textOf(found, "principalType"),
    resourceDisplayName: textOf(found, "resourceDisplayName"),
    resourceObjectId: textOf(found, "resourceId"),
  };
}

function replicates(status: number, reason: string): boolean {
  return status === 404 || (status === 400 && reason.includes("Not a valid reference update"));
}

function titleOf(id: string): string {
  const [resourceId, assignmentId] = ids.parse(id);
  return `Service Principal Id App Role Assigned To (Service Principal: "${resourceId}"\nApp Role Assignment: "${assignmentId}")`;
}
