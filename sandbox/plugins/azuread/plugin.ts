import type { PluginDefinition } from "../protocol/resource.ts";
import { application } from "./application.ts";
import { applicationCertificate } from "./applicationCertificate.ts";
import { appRoleAssignment } from "./appRoleAssignment.ts";
import type { Client } from "./client.ts";
import { directoryRoleAssignment } from "./directoryRoleAssignment.ts";
import { federatedIdentityCredential } from "./federatedIdentityCredential.ts";
import { getApplication } from "./getApplication.ts";
import { getServicePrincipal } from "./getServicePrincipal.ts";
import { getUser } from "./getUser.ts";
import { Graph } from "./graph.ts";
import { textOf } from "./json.ts";
import { Locks } from "./locks.ts";
import { getClientConfig, getDomains, lookupTimeout } from "./lookups.ts";
import { getApplicationPublishedAppIds } from "./publishedAppIds.ts";
import { servicePrincipal } from "./servicePrincipal.ts";
import { configFields, readSettings } from "./settings.ts";
import { claimsOf, createTokens, readCloud } from "./signIn.ts";
import { createWaits } from "./waits.ts";

/** The stand-in for the azuread plugin: it sends to the tenant what the official one sends. */
export const azuread: PluginDefinition<Client> = {
  name: "azuread",
  dialect: "sdk",
  config: configFields,
  resources: {
    "azuread:index/application:Application": application,
    "azuread:index/applicationCertificate:ApplicationCertificate": applicationCertificate,
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
      federatedIdentityCredential,
    "azuread:index/appRoleAssignment:AppRoleAssignment": appRoleAssignment,
    "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": directoryRoleAssignment,
    "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipal,
  },
  functions: {
    "azuread:index/getApplication:getApplication": getApplication,
    "azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds":
      getApplicationPublishedAppIds,
    "azuread:index/getClientConfig:getClientConfig": getClientConfig,
    "azuread:index/getDomains:getDomains": getDomains,
    "azuread:index/getServicePrincipal:getServicePrincipal": getServicePrincipal,
    "azuread:index/getUser:getUser": getUser,
  },

  async configure(config) {
    const settings = await readSettings(config, process.env);
    const cloud = await readCloud(settings.metadataHost);
    const waits = createWaits(process.env["SANDBOX_REAL_WAITS"] === "1");
    const tokens = createTokens(cloud, settings, waits);
    const graph = new Graph(cloud.graph, tokens, waits);
    const { tenantId, clientId } = settings;
    const token = await tokens().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`1 error occurred:\n\t* building client: ${reason}\n\n`, { cause: error });
    });
    const objectId = textOf(claimsOf(token), "oid") || (await findOwnId(graph, clientId));
    return { graph, identity: { tenantId, clientId, objectId }, waits, applicationLocks: new Locks() };
  },
};

async function findOwnId(graph: Graph, clientId: string): Promise<string> {
  const found = await graph.list("/servicePrincipals", {
    query: { $filter: `appId eq '${clientId}'` },
    timeout: lookupTimeout,
  });
  if (found.length === 1) return textOf(found[0], "id");
  const attempted = "attempting to discover object ID for authenticated service principal";
  throw new Error(`${attempted}: unexpected number of results, expected 1, received ${found.length}`);
}
