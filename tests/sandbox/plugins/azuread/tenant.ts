import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { deployerPermissions } from "../../../../microsoft/identityPermissions.ts";
import { azuread } from "../../../../sandbox/plugins/azuread/plugin.ts";
import { defaultSeed, startTenantServer, type TenantServer } from "../../../../sandbox/tenant/index.ts";
import { Hand, type Kept } from "../hand.ts";
import { startPlugin } from "../pluginClient.ts";
import type { JsonObject } from "../recordings.ts";

export const types = {
  application: "azuread:index/application:Application",
  assignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  certificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  credential: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  principal: "azuread:index/servicePrincipal:ServicePrincipal",
  role: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
};

/** A sandbox tenant, and the azuread stand-in that is signed in to it. */
export interface PluginOnTenant {
  readonly hand: Hand;
  readonly tenant: TenantServer;
  /** The requests that change something since the last call, as `METHOD path`. */
  readonly takeWrites: () => string[];
  close(): Promise<void>;
}

export async function startPluginOnTenant(): Promise<PluginOnTenant> {
  const permissions = [...deployerPermissions, "User.Read.All"];
  const deployer = { ...defaultSeed.deployer, permissions };
  const tenant = await startTenantServer({ seeds: [{ ...defaultSeed, deployer }] });
  setDefaultCACertificates([...getCACertificates("default"), tenant.certificateAuthorityPem]);
  const client = await startPlugin(azuread, settingsOf(tenant));
  return {
    hand: new Hand(client),
    tenant,
    takeWrites: () => {
      const writes = tenant.requests.filter(({ method }) => method !== "GET");
      tenant.clearRequests();
      return writes.map(({ method, path, status }) => `${method} ${path.replaceAll(guid, "ID")} ${status}`);
    },
    close: async () => {
      client.close();
      await tenant.close();
    },
  };
}

/** The provider's settings for signing in with the tenant's client secret. */
export function settingsOf(tenant: TenantServer): JsonObject {
  const [seed] = tenant.seeds;
  return {
    metadataHost: new URL(tenant.url).host,
    tenantId: seed?.tenantId,
    clientId: seed?.deployer.clientId,
    clientSecret: seed?.deployer.clientSecret,
  };
}

/** An application with a service principal. */
export async function createIdentity(hand: Hand): Promise<{ application: Kept; principal: Kept }> {
  const application = await hand.create(types.application, { displayName: "Jobs" });
  const principal = await hand.create(types.principal, { clientId: application.state["clientId"] });
  return { application, principal };
}

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
