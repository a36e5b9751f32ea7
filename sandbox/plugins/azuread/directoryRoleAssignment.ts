import type { ResourceType } from "../protocol/resource.ts";
import { optionalComputed, required } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, attemptTwiceTold, unlessGone } from "./attempt.ts";
import { filled, guid } from "./checks.ts";
import { get, send, type AzureOperation, type Client } from "./client.ts";
import { idForm } from "./ids.ts";
import { stringIn, textOf, type Json } from "./json.ts";
import { watchFor, type Sighting } from "./waits.ts";

const collection = "/roleManagement/directory/roleAssignments";
const ids = idForm(`${collection}/{}`);

/** `azuread.DirectoryRoleAssignment`. */
export const directoryRoleAssignment: ResourceType<Client> = {
  fields: {
    appScopeId: optionalComputed(filled, { replaces: true, conflictsWith: ["directoryScopeId"] }),
    directoryScopeId: optionalComputed(filled, { replaces: true, conflictsWith: ["appScopeId"] }),
    principalObjectId: required(guid, { replaces: true }),
    roleId: required(guid, { replaces: true }),
  },
  schemaVersion: 1,
  timeouts: { create: 300, read: 300, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    const created = await assign(operation, planned);
    const id = `${collection}/${textOf(created, "id")}`;
    operation.setId(id);
    const look = async (): Promise<Sighting> =>
      (await unlessGone(get(operation, id))) === undefined ? "pending" : "done";
    await attempt(
      `Waiting for role assignment for "${stringIn(planned, "principalObjectId")}" to reflect in directory role "${stringIn(planned, "roleId")}"`,
      watchFor(operation.client.waits, { interval: 1, occurrences: 3, timeout: operation.timeout }, look),
    );
    return read(operation, id);
  },

  read,

  async delete(operation, id) {
    await attempt(`Deleting ${titleOf(id)}`, send(operation, "DELETE", id));
  },
};

/** Not tried again even if the principal is too new for Graph to know it: so does the official plugin. */
async function assign(operation: AzureOperation, planned: Properties): Promise<Json | undefined> {
  const roleId = stringIn(planned, "roleId");
  const principalId = stringIn(planned, "principalObjectId");
  const appScopeId = stringIn(planned, "appScopeId");
  const body = {
    "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
    ...(appScopeId === ""
      ? { directoryScopeId: stringIn(planned, "directoryScopeId") || "/" }
      : { appScopeId }),
    principalId,
    roleDefinitionId: roleId,
  };
  return attemptTwiceTold(
    `Assigning directory role "${roleId}" to directory principal "${principalId}"`,
    send(operation, "POST", collection, { body }),
  );
}

async function read(operation: AzureOperation, id: string): Promise<Properties | undefined> {
  const found = await attempt(`Retrieving ${titleOf(id)}`, unlessGone(get(operation, id)));
  if (found === undefined) return undefined;
  return {
    appScopeId: textOf(found, "appScopeId"),
    directoryScopeId: textOf(found, "directoryScopeId"),
    principalObjectId: textOf(found, "principalId"),
    roleId: textOf(found, "roleDefinitionId"),
  };
}

function titleOf(id: string): string {
  return `Role Management Directory Role Assignment (Unified Role Assignment: "${ids.parse(id)[0]}")`;
}
