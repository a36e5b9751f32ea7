import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, map, object, required, text } from "../protocol/schema.ts";
import { applicationState } from "./applicationState.ts";
import { attempt } from "./attempt.ts";
import type { Client } from "./client.ts";
import { stringIn, textOf } from "./json.ts";
import { lookupTimeout as timeout } from "./lookups.ts";

/** `azuread.getApplication`: looks one up by client id, the one key that this stand-in takes. */
export const getApplication: FunctionType<Client> = {
  inputs: { clientId: required(text) },
  outputs: {
    appRoleIds: computed(map(text)),
    clientId: computed(text),
    description: computed(text),
    displayName: computed(text),
    id: computed(text),
    identifierUris: computed(list(text)),
    notes: computed(text),
    oauth2PostResponseRequired: computed(flag),
    objectId: computed(text),
    owners: computed(list(text)),
    publisherDomain: computed(text),
    requiredResourceAccesses: computed(
      list(
        object({
          resourceAccesses: computed(list(object({ id: computed(text), type: computed(text) }))),
          resourceAppId: computed(text),
        }),
      ),
    ),
    signInAudience: computed(text),
    tags: computed(list(text)),
  },
  async call({ graph }, inputs) {
    const clientId = stringIn(inputs, "clientId");
    const $filter = `appId eq '${clientId.replaceAll("'", "''")}'`;
    const found = await attempt(
      `Listing applications for filter "${$filter}"`,
      graph.list("/applications", { query: { $filter }, timeout }),
    );
    const [application] = found;
    if (application === undefined) {
      throw new Diagnostic("Application not found", `no applications found matching filter: "${$filter}"`);
    }
    const id = `/applications/${textOf(application, "id")}`;
    const name = `Application (Application: "${textOf(application, "id")}")`;
    const beta = await attempt(
      `Retrieving additional properties for ${name}`,
      graph.send("GET", id, { beta: true, query: { $select: "oauth2RequirePostResponse" }, timeout }),
    );
    const owners = await attempt(
      `Could not retrieve owners for ${name}`,
      graph.list(`${id}/owners`, { timeout }),
    );
    const state = applicationState(application, beta ?? {}, owners, {});
    const names = Object.keys(getApplication.outputs).filter((key) => key !== "id");
    return { ...Object.fromEntries(names.map((key) => [key, state[key] ?? null])), id };
  },
};
