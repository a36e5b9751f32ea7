import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { TenantSeed, TenantServer } from "../../sandbox/tenant/index.ts";
import { defaultSeed } from "../../sandbox/tenant/index.ts";
import { callGraph } from "./support.ts";

/** An application with a secret that may read what `audit` reads, and nothing else. */
export interface Reader {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Changes a tenant as its deployer, behind Pulumi's back. */
export interface TenantGraph {
  /** @returns the answer's body @throws where the tenant refuses */
  send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** The object ID of one of Microsoft's service principals. */
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
      ...deployerPermissions,
      "AdministrativeUnit.ReadWrite.All",
      "CustomSecAttributeAssignment.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Group.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.ApplicationConfiguration",
      "User.Read.All",
    ],
  },
};

/** A tenant, by its Graph. */
export function tenantGraph(tenant: TenantServer): TenantGraph {
  const send = (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> =>
    callGraph(tenant, method, path, body);

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

/** A folder that Pulumi takes for the project's, where a reader's commands may leave files. */
export function projectFolder(sandbox: Sandbox): string {
  const folder = join(sandbox.folder.path, "project");
  mkdirSync(folder, { recursive: true });
  copyFileSync("Pulumi.yaml", join(folder, "Pulumi.yaml"));
  // Pulumi wants the program to be there, without running it.
  writeFileSync(join(folder, "index.ts"), "");
  return folder;
}
