import { randomUUID } from "node:crypto";

import { Diagnostic, type ResourceType } from "../protocol/resource.ts";
import { isProperties, sameValue, type Properties, type Value } from "../protocol/values.ts";
import { changedApplication, newApplication } from "./applicationBody.ts";
import { applicationFields } from "./applicationFields.ts";
import { applicationState } from "./applicationState.ts";
import { attempt, attemptTwiceTold, unlessGone } from "./attempt.ts";
import { get, list, send, waitUntilGone, type AzureOperation, type Client } from "./client.ts";
import { idForm } from "./ids.ts";
import { booleanIn, stringIn, textOf, type Json } from "./json.ts";
import { finishOwners, newOwners, updateOwners } from "./owners.ts";

const ids = idForm("/applications/{}");
const type = "#microsoft.graph.application";

/** `azuread.Application`. */
export const application: ResourceType<Client> = {
  fields: applicationFields,
  schemaVersion: 2,
  timeouts: { create: 600, read: 300, update: 600, delete: 300 },
  isId: ids.matches,

  async create(operation, planned) {
    refuseUnsupported(planned);
    await refuseDuplicate(operation, planned, "");
    const owners = newOwners(operation, planned);
    const created = await attempt(
      "Could not create application",
      send(operation, "POST", "/applications", {
        body: withoutMappedClaims(newApplication(planned, owners.bound)),
      }),
    );
    const objectId = textOf(created, "id");
    const path = `/applications/${objectId}`;
    operation.setId(path);
    await probe(operation, path, objectId, stringIn(planned, "displayName"));
    await patchLate(operation, path, planned);
    await finishOwners(operation, path, owners, `application with object ID: "${objectId}"`);
    return read(operation, path, planned);
  },

  read,

  async update(operation, id, prior, planned) {
    refuseUnsupported(planned);
    refuseEntitlements(prior, planned);
    const objectId = ids.parse(id)[0] ?? "";
    return operation.client.applicationLocks.hold(objectId, async () => {
      await refuseDuplicate(operation, planned, objectId);
      await attempt(
        `Could not update application with object ID: "${objectId}"`,
        send(operation, "PATCH", id, { body: changedApplication(prior, planned) }),
      );
      if (
        booleanIn(prior, "oauth2PostResponseRequired") !== booleanIn(planned, "oauth2PostResponseRequired")
      ) {
        await patchPostResponse(operation, id, planned, false);
      }
      await updateOwners(operation, id, prior, planned, `application with object ID: "${objectId}"`);
      return (await read(operation, id, planned)) ?? {};
    });
  },

  async delete(operation, id) {
    const objectId = ids.parse(id)[0] ?? "";
    const deleting = `deleting ${titleOf(objectId)}`;
    await attemptTwiceTold(deleting, send(operation, "DELETE", id), { attribute: "id" });
    await attempt(
      `Waiting for deletion of application with object ID "${objectId}"`,
      waitUntilGone(operation, async () => (await unlessGone(get(operation, id))) !== undefined),
    );
  },
};

async function read(
  operation: AzureOperation,
  id: string,
  prior: Properties,
): Promise<Properties | undefined> {
  const name = titleOf(ids.parse(id)[0] ?? "");
  const app = await attempt(`Retrieving ${name}`, unlessGone(get(operation, id)), { attribute: "id" });
  if (app === undefined) return undefined;
  const { logoImage: _, oauth2PostResponseRequired: _beta, ...known } = applicationState(app, {}, prior);
  operation.learn(known);
  const query = { $select: "oauth2RequirePostResponse" };
  const beta = await attempt(
    `Retrieving additional properties for ${name}`,
    get(operation, id, { beta: true, query }),
  );
  const state = applicationState(app, beta, prior);
  operation.learn(state);
  const owners = await attempt(`Could not retrieve owners for ${name}`, list(operation, `${id}/owners`), {
    attribute: "owners",
  });
  return { ...state, owners: owners.map((owner) => textOf(owner, "id")) };
}

/** Renames the new application to and fro: Graph answers 404 until it is replicated, and such an answer is tried again. */
async function probe(
  operation: AzureOperation,
  path: string,
  objectId: string,
  displayName: string,
): Promise<void> {
  for (const name of [`TERRAFORM_UPDATE_${randomUUID()}`, displayName]) {
    await attempt(
      `Failed to patch application with object ID "${objectId}" after creating`,
      send(operation, "PATCH", path, {
        body: { "@odata.type": type, displayName: name },
        retryIf: replicates,
      }),
      { ifNotFound: "Timed out whilst waiting for new application to be replicated in Azure AD" },
    );
  }
}

function replicates(status: number, reason: string): boolean {
  if (status === 400)
    return reason.includes("Permission (scope or role) cannot be deleted or updated unless disabled first");
  return status === 404 || status === 409;
}

/** Graph refuses some settings when an application is created. */
async function patchLate(operation: AzureOperation, path: string, planned: Properties): Promise<void> {
  if (typeof planned["oauth2PostResponseRequired"] === "boolean")
    await patchPostResponse(operation, path, planned, true);
  const { api } = newApplication(planned, []);
  if (!isProperties(planned["api"]) || !booleanIn(planned["api"], "mappedClaimsEnabled")) return;
  await attempt(
    "Failed to patch application after creating to set `api.0.mapped_claims_enabled` property",
    send(operation, "PATCH", path, { body: { "@odata.type": type, api }, retryIf: replicates }),
    { attribute: "api.0.mapped_claims_enabled" },
  );
}

async function patchPostResponse(
  operation: AzureOperation,
  path: string,
  planned: Properties,
  isNew: boolean,
): Promise<void> {
  const body = {
    "@odata.type": type,
    oauth2RequirePostResponse: booleanIn(planned, "oauth2PostResponseRequired"),
  };
  const summary = `Failed to set \`oauth2_post_response_required\` for ${titleOf(path.split("/").at(-1) ?? "")}`;
  await attempt(
    summary,
    send(operation, "PATCH", path, { body, beta: true, ...(isNew && { retryIf: replicates }) }),
  );
}

function withoutMappedClaims(body: Json): Json {
  const api = body["api"];
  if (
    typeof api !== "object" ||
    api === null ||
    !("acceptMappedClaims" in api) ||
    api.acceptMappedClaims !== true
  )
    return body;
  const { acceptMappedClaims: _, ...rest } = api;
  return { ...body, api: rest };
}

async function refuseDuplicate(operation: AzureOperation, planned: Properties, ownId: string): Promise<void> {
  if (!booleanIn(planned, "preventDuplicateNames")) return;
  const name = stringIn(planned, "displayName");
  const $filter = `displayName eq '${name.replaceAll("'", "''")}'`;
  const found = await attempt(
    "Could not check for existing application(s)",
    list(operation, "/applications", { $filter }),
    { attribute: ownId === "" ? "name" : "display_name" },
  );
  const other = found.find((app) => textOf(app, "displayName") === name && textOf(app, "id") !== ownId);
  if (other === undefined) return;
  throw new Diagnostic(
    `An existing "azuread_application" with name "${name}" (ID: "${textOf(other, "id")}") was found and \`prevent_duplicate_names\` was specified`,
    'To be managed via Terraform, this resource needs to be imported into the State. Please see the resource documentation for "azuread_application" for more information.',
    "id",
  );
}

function refuseUnsupported(planned: Properties): void {
  for (const name of ["logoImage", "password", "templateId"]) {
    const value = planned[name] ?? null;
    if (value !== null && value !== "")
      throw new Diagnostic(`The sandbox's azuread plugin does not do \`${name}\` of an application.`);
  }
}

function refuseEntitlements(prior: Properties, planned: Properties): void {
  const same =
    sameValue(prior["appRoles"] ?? [], planned["appRoles"] ?? []) &&
    sameValue(scopesOf(prior), scopesOf(planned));
  if (!same)
    throw new Diagnostic(
      "The sandbox's azuread plugin does not change app roles and permission scopes of an application that exists.",
    );
}

function titleOf(objectId: string): string {
  return `Application (Application: "${objectId}")`;
}

function scopesOf(state: Properties): Value {
  const api = state["api"];
  return (isProperties(api) ? api["oauth2PermissionScopes"] : undefined) ?? [];
}
