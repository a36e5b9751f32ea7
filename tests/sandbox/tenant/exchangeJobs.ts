import type { TenantSeed } from "../../../sandbox/tenant/index.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import {
  createApplication,
  itemsOf,
  startTestTenant,
  tokenOf,
  type Answer,
  type TestTenant,
} from "./client.ts";

/** What tokens are asked for. */
export const exchangeScope = "https://outlook.office365.com/.default";
/** As before, for Security & Compliance. */
export const complianceScope = "https://ps.compliance.protection.outlook.com/.default";
/** The tenant under test. */
export const tenantId = "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47";

/** An application whose access to Exchange is tried. */
export interface Jobs {
  readonly tenant: TestTenant;
  readonly id: string;
  readonly appId: string;
  readonly principalId: string;
  signIn(scope: string): Promise<Answer>;
  token(scope: string): Promise<string>;
  consent(resource?: string, appRoleId?: string): Promise<void>;
  assign(roleDefinitionId: string): Promise<void>;
  invoke(command: string, parameters: JsonObject, token: string | undefined): Promise<Answer>;
}

/** An application with a secret, and nothing granted. */
export async function prepare(seed: Partial<TenantSeed> = {}): Promise<Jobs> {
  const tenant = await startTestTenant({
    seeds: [
      {
        tenantId,
        initialDomain: "contoso.onmicrosoft.com",
        domains: ["contoso.com"],
        users: [{ userPrincipalName: "reports@contoso.com", displayName: "Reports" }],
        deployer: { clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05", clientSecret: "s" },
        ...seed,
      },
    ],
  });
  const application = await createApplication(tenant);
  const { id, appId, principalId } = application;
  const { body } = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const signIn = (scope: string) =>
    tenant.signIn({
      client_id: appId,
      client_secret: textOf(body.secretText),
      grant_type: "client_credentials",
      scope,
    });
  return {
    tenant,
    ...application,
    signIn,
    token: (scope) => tokenOf(signIn(scope)),
    async consent(
      resource = "Office 365 Exchange Online",
      appRoleId = "dc50a0fb-09a3-484d-be87-e023b12c6440",
    ) {
      const principals = itemsOf(await tenant.graph("GET", "/v1.0/servicePrincipals"));
      const resourceId = textOf(principals.find((principal) => principal.displayName === resource)?.id);
      const path = `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
      await mustBe(201, tenant.graph("POST", path, { appRoleId, principalId, resourceId }));
    },
    async assign(roleDefinitionId) {
      const assignment = { principalId, roleDefinitionId, directoryScopeId: "/" };
      await mustBe(201, tenant.graph("POST", "/v1.0/roleManagement/directory/roleAssignments", assignment));
    },
    invoke: (command, parameters, token) =>
      tenant.send("POST", `/adminapi/beta/${tenantId}/InvokeCommand`, {
        body: { CmdletInput: { CmdletName: command, Parameters: parameters } },
        ...(token === undefined ? {} : { token }),
      }),
  };
}

/** An application that may connect to Exchange as Exchange Administrator. */
export async function ready(seed: Partial<TenantSeed> = {}, scope = exchangeScope): Promise<Jobs> {
  const jobs = await prepare(seed);
  await jobs.consent();
  await jobs.assign("29232cdf-9323-42fd-ade2-1d097af3e4de");
  await mustBe(200, jobs.signIn(scope));
  return jobs;
}

async function mustBe(status: number, answer: Promise<Answer>): Promise<void> {
  const { status: answered, text } = await answer;
  if (answered !== status) throw new Error(`Expected ${status}, got ${answered}: ${text}`);
}

/** An error's status, and its words. */
export function messageOf(answer: Answer): { status: number; message: Json | undefined } {
  const { error } = answer.body;
  return { status: answer.status, message: isJsonObject(error) ? error.message : undefined };
}
