import { Diagnostic, type FunctionType } from "../protocol/resource.ts";
import { computed, flag, list, map, object, optional, set, text, whole } from "../protocol/schema.ts";
import { inStateOrder } from "../protocol/setOrder.ts";
import { isProperties, type Properties, type Value } from "../protocol/values.ts";
import { applicationState } from "./applicationState.ts";
import { attempt, unlessGone } from "./attempt.ts";
import { filled, guid } from "./checks.ts";
import type { Client } from "./client.ts";
import { featureTagShape } from "./featureTags.ts";
import { stringIn, stringsIn, textOf, type Json } from "./json.ts";
import { lookupTimeout as timeout } from "./lookups.ts";
import { servicePrincipalOutputs } from "./servicePrincipalState.ts";

const texts = computed(list(text));
const claims = computed(
  list(
    object({
      additionalProperties: texts,
      essential: computed(flag),
      name: computed(text),
      source: computed(text),
    }),
  ),
);

/** `azuread.getApplication`: looks one up by client id, object id, display name or identifier URI. */
export const getApplication: FunctionType<Client> = {
  inputs: {
    clientId: optional(guid),
    displayName: optional(filled),
    identifierUri: optional(filled),
    objectId: optional(guid),
  },
  exactlyOneOf: ["clientId", "displayName", "identifierUri", "objectId"],
  outputs: {
    apis: computed(
      list(
        object({
          knownClientApplications: texts,
          mappedClaimsEnabled: computed(flag),
          oauth2PermissionScopes: servicePrincipalOutputs["oauth2PermissionScopes"] ?? texts,
          requestedAccessTokenVersion: computed(whole),
        }),
      ),
    ),
    appRoleIds: computed(map(text)),
    appRoles: servicePrincipalOutputs["appRoles"] ?? texts,
    clientId: computed(text),
    description: computed(text),
    deviceOnlyAuthEnabled: computed(flag),
    disabledByMicrosoft: computed(text),
    displayName: computed(text),
    fallbackPublicClientEnabled: computed(flag),
    featureTags: computed(list(featureTagShape)),
    groupMembershipClaims: texts,
    id: computed(text),
    identifierUri: computed(text),
    identifierUris: texts,
    logoUrl: computed(text),
    marketingUrl: computed(text),
    notes: computed(text),
    oauth2PermissionScopeIds: computed(map(text)),
    oauth2PostResponseRequired: computed(flag),
    objectId: computed(text),
    optionalClaims: computed(list(object({ accessTokens: claims, idTokens: claims, saml2Tokens: claims }))),
    owners: texts,
    privacyStatementUrl: computed(text),
    publicClients: computed(list(object({ redirectUris: texts }))),
    publisherDomain: computed(text),
    requiredResourceAccesses: computed(
      list(
        object({
          resourceAccesses: computed(list(object({ id: computed(text), type: computed(text) }))),
          resourceAppId: computed(text),
        }),
      ),
    ),
    serviceManagementReference: computed(text),
    signInAudience: computed(text),
    singlePageApplications: computed(list(object({ redirectUris: texts }))),
    supportUrl: computed(text),
    tags: computed(set(text)),
    termsOfServiceUrl: computed(text),
    webs: computed(
      list(
        object({
          homepageUrl: computed(text),
          implicitGrants: computed(
            list(
              object({
                accessTokenIssuanceEnabled: computed(flag),
                idTokenIssuanceEnabled: computed(flag),
              }),
            ),
          ),
          logoutUrl: computed(text),
          redirectUris: texts,
        }),
      ),
    ),
  },
  async call({ graph }, inputs) {
    const application = await find({ graph }, inputs);
    const id = `/applications/${textOf(application, "id")}`;
    const name = `Application (Application: "${textOf(application, "id")}")`;
    const beta = await attempt(
      `Retrieving additional properties for ${name}`,
      graph.send("GET", id, { beta: true, query: { $select: "oauth2RequirePostResponse" }, timeout }),
    );
    const owners = await attempt(
      `Could not retrieve owners for ${name}`,
      graph.list(`${id}/owners`, { timeout }),
      { attribute: "owners" },
    );
    const state = applicationState(application, beta ?? {}, {});
    return {
      ...Object.fromEntries(
        Object.keys(getApplication.outputs).flatMap((key) => {
          const value = state[key];
          return value === undefined ? [] : [[key, value]];
        }),
      ),
      apis: listed(state["api"]),
      // The official plugin forgets the description.
      description: null,
      id,
      identifierUri: inputs["identifierUri"] ?? null,
      owners: owners.map((owner) => textOf(owner, "id")),
      optionalClaims: listed(state["optionalClaims"]),
      publicClients: listed(state["publicClient"]),
      singlePageApplications: listed(state["singlePageApplication"]),
      tags: inStateOrder(stringsIn(state, "tags")),
      webs: listed(withImplicitGrants(state["web"])),
    };
  },
};

async function find({ graph }: Pick<Client, "graph">, inputs: Properties): Promise<Json> {
  const objectId = stringIn(inputs, "objectId");
  if (objectId !== "") {
    const blame = { attribute: "object_id" };
    const path = `/applications/${objectId}`;
    const found = await attempt(
      `Retrieving Application with object ID "${objectId}"`,
      unlessGone(graph.send("GET", path, { timeout })),
      blame,
    );
    if (found !== undefined) return found;
    throw new Diagnostic(
      `Application with object ID "${objectId}" was not found`,
      undefined,
      blame.attribute,
    );
  }
  const $filter = filterOf(inputs);
  const found = await attempt(
    `Listing applications for filter "${$filter}"`,
    graph.list("/applications", { query: { $filter }, timeout }),
  );
  const [application, ...others] = found;
  if (application === undefined) {
    throw new Diagnostic("Application not found", `no applications found matching filter: "${$filter}"`);
  }
  if (others.length > 0) {
    throw new Diagnostic(
      "Multiple applications found",
      `dound multiple applications matching filter: "${$filter}"`,
    );
  }
  return application;
}

/** The official plugin does not escape the value. */
function filterOf(inputs: Properties): string {
  const clientId = stringIn(inputs, "clientId");
  if (clientId !== "") return `appId eq '${clientId}'`;
  const displayName = stringIn(inputs, "displayName");
  if (displayName !== "") return `displayName eq '${displayName}'`;
  return `identifierUris/any(uri:uri eq '${stringIn(inputs, "identifierUri")}')`;
}

/** A lookup shows as a list of one what a resource shows as an object. */
function listed(value: Value | undefined): Value[] {
  return value === undefined || value === null ? [] : [value];
}

function withImplicitGrants(web: Value | undefined): Value | undefined {
  if (!isProperties(web)) return web;
  const { implicitGrant, ...rest } = web;
  return { ...rest, implicitGrants: listed(implicitGrant) };
}
