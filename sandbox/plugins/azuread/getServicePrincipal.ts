import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, object, optional, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { attempt, unlessGone } from "./attempt.ts";
import { filled, guid } from "./checks.ts";
import type { Client } from "./client.ts";
import { featureTagShape } from "./featureTags.ts";
import { stringIn, textOf, type Json } from "./json.ts";
import { lookupTimeout as timeout } from "./lookups.ts";
import { servicePrincipalOutputs, servicePrincipalState } from "./servicePrincipalState.ts";

/** `azuread.getServicePrincipal`: looks one up by client id, object id or display name. */
export const getServicePrincipal: FunctionType<Client> = {
  inputs: { clientId: optional(guid), displayName: optional(filled), objectId: optional(guid) },
  exactlyOneOf: ["clientId", "displayName", "objectId"],
  outputs: {
    ...servicePrincipalOutputs,
    accountEnabled: computed(flag),
    alternativeNames: computed(list(text)),
    appRoleAssignmentRequired: computed(flag),
    clientId: computed(text),
    description: computed(text),
    displayName: computed(text),
    featureTags: computed(list(featureTagShape)),
    features: computed(
      list(
        object({
          customSingleSignOnApp: computed(flag),
          enterpriseApplication: computed(flag),
          galleryApplication: computed(flag),
          visibleToUsers: computed(flag),
        }),
      ),
    ),
    id: computed(text),
    loginUrl: computed(text),
    notes: computed(text),
    notificationEmailAddresses: computed(list(text)),
    objectId: computed(text),
    preferredSingleSignOnMode: computed(text),
    samlSingleSignOns: computed(list(object({ relayState: computed(text) }))),
    tags: computed(list(text)),
  },
  async call({ graph }, inputs) {
    const principal = await find({ graph }, inputs);
    if (principal === undefined)
      throw new Diagnostic("No service principal found", "no service principal found");
    const id = `/servicePrincipals/${textOf(principal, "id")}`;
    const options = { beta: true, query: { $select: "samlMetadataUrl" }, timeout };
    const name = `Service Principal (Service Principal: "${textOf(principal, "id")}")`;
    const beta = await attempt(`Retrieving ${name} (beta API)`, graph.send("GET", id, options));
    const { samlSingleSignOn = null, ...state } = servicePrincipalState(principal, beta ?? {});
    return { ...state, id, samlSingleSignOns: samlSingleSignOn === null ? [] : [samlSingleSignOn] };
  },
};

async function find({ graph }: Pick<Client, "graph">, inputs: Properties): Promise<Json | undefined> {
  const objectId = stringIn(inputs, "objectId");
  const displayName = stringIn(inputs, "displayName");
  const clientId = stringIn(inputs, "clientId");
  if (objectId !== "") {
    const name = `Service Principal (Service Principal: "${objectId}")`;
    const path = `/servicePrincipals/${objectId}`;
    const found = await attempt(`Retrieving ${name}`, unlessGone(graph.send("GET", path, { timeout })), {
      attribute: "object_id",
    });
    if (found === undefined) throw new Diagnostic(`${name} was not found`, undefined, "object_id");
    return found;
  }
  const [property, member, value] =
    displayName === "" ? ["appId", "appId", clientId] : ["displayName", "displayName", displayName];
  const $filter = `${property} eq '${value.replaceAll("'", "''")}'`;
  const found = await attempt(
    `Listing service principals for filter "${$filter}"`,
    graph.list("/servicePrincipals", { query: { $filter }, timeout }),
  );
  if (displayName !== "" && found.length > 1) {
    throw new Diagnostic(
      "Multiple service principals found",
      `found multiple service principals matching filter: "${$filter}"`,
    );
  }
  return found.find((item) => textOf(item, member).toLowerCase() === value.toLowerCase());
}
