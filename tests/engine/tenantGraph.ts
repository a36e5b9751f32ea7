import * as v from "valibot";

import { Cloud } from "../../components/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createCredential } from "../../graph/signIn.ts";
import { deployerOf } from "../../sandbox/createSandbox.ts";
import type { TenantSeed, TenantServer } from "../../sandbox/tenant/index.ts";
import { defaultDeployerPermissions, defaultSeed } from "../../sandbox/tenant/index.ts";
import { trustInThisProcess } from "../../sandbox/trust.ts";

/** An application with a secret that may read what `audit` reads, and nothing else. */
export interface Reader {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Changes a tenant as its deployer, behind Pulumi's back. */
export interface TenantGraph {
  /** @returns the answer's body @throws where the tenant refuses */
  send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** The object id of one of Microsoft's service principals. */
  principalOf(appId: string): Promise<string>;
  /** Makes an identity with these application permissions of Microsoft Graph. */
  reader(permissions: readonly string[]): Promise<Reader>;
}

/** A user of `openSeed`. */
export const intruderId = "0d5f2c4e-8a16-4b73-9e20-6f1c3d7a5b98";

/** The built-in tenant, whose deployer may change everything that an audit looks at. */
export const openSeed: TenantSeed = {
  ...defaultSeed,
  users: [{ userPrincipalName: "intruder@contoso.com", displayName: "Intruder", id: intruderId }],
  deployer: {
    ...defaultSeed.deployer,
    permissions: [
      ...defaultDeployerPermissions,
      "DelegatedPermissionGrant.ReadWrite.All",
      "Policy.ReadWrite.ApplicationConfiguration",
    ],
  },
};

/** A tenant, by its Graph. */
export async function tenantGraph(tenant: TenantServer): Promise<TenantGraph> {
  trustInThisProcess(tenant.certificateAuthorityPem);
  const endpoints = await resolveEndpoints(Cloud.Global, { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const [seed] = tenant.seeds;
  if (seed === undefined) throw new Error("The tenant server has no tenant.");
  const credential = createCredential({ kind: "secret", ...deployerOf(seed) }, endpoints);

  async function send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const { token } = await credential.getToken(endpoints.graph.scope);
    const response = await fetch(`${tenant.url}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return v.parse(v.record(v.string(), v.unknown()), text === "" ? {} : JSON.parse(text));
  }

  async function principal(appId: string): Promise<v.InferOutput<typeof Principal>> {
    const filter = encodeURIComponent(`appId eq '${appId}'`);
    return v.parse(
      v.object({ value: v.tuple([Principal]) }),
      await send("GET", `/servicePrincipals?$filter=${filter}`),
    ).value[0];
  }

  return {
    send,
    principalOf: async (appId) => (await principal(appId)).id,
    async reader(permissions) {
      const application = v.parse(Created, await send("POST", "/applications", { displayName: "Auditor" }));
      const { id } = v.parse(Created, await send("POST", "/servicePrincipals", { appId: application.appId }));
      const graph = await principal("00000003-0000-0000-c000-000000000000");
      for (const permission of permissions) {
        const appRoleId = graph.appRoles.find(({ value }) => value === permission)?.id;
        const assignment = { principalId: id, resourceId: graph.id, appRoleId };
        await send("POST", `/servicePrincipals/${graph.id}/appRoleAssignedTo`, assignment);
      }
      const password = await send("POST", `/applications/${application.id}/addPassword`, {
        passwordCredential: {},
      });
      return { clientId: application.appId, clientSecret: v.parse(v.string(), password["secretText"]) };
    },
  };
}

const Created = v.object({ id: v.string(), appId: v.string() });

const Principal = v.object({
  id: v.string(),
  appRoles: v.array(v.object({ id: v.string(), value: v.nullable(v.string()) })),
});
