import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityFromEnvironment } from "../../graph/environment.ts";
import type { ScriptedServer } from "./scriptedServer.ts";
import { startScriptedServer } from "./scriptedServer.ts";
import { makeCertificate } from "./testCertificate.ts";

const folder = mkdtempSync(join(tmpdir(), "exo-auth-environment-"));
const arm = { ARM_TENANT_ID: "TENANT", ARM_CLIENT_ID: "CLIENT" };
const application = { tenantId: "TENANT", clientId: "CLIENT" };
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

test("nothing set leads to the Azure CLI, in the tenant that is named", async () => {
  expect(await identityFromEnvironment({})).toEqual({ kind: "azureCli" });
  expect(await identityFromEnvironment({ ARM_TENANT_ID: "TENANT" })).toEqual({
    kind: "azureCli",
    tenantId: "TENANT",
  });
  expect(await identityFromEnvironment(arm)).toEqual({ kind: "azureCli", tenantId: "TENANT" });
});

test("a secret, under either name; ARM_ goes first", async () => {
  const secret = { ...application, kind: "secret", clientSecret: "a" };
  const azure = { AZURE_TENANT_ID: "TENANT", AZURE_CLIENT_ID: "CLIENT", AZURE_CLIENT_SECRET: "a" };
  expect(await identityFromEnvironment({ ...arm, ARM_CLIENT_SECRET: "a" })).toEqual(secret);
  expect(await identityFromEnvironment(azure)).toEqual(secret);
  expect(await identityFromEnvironment({ ...azure, ARM_CLIENT_SECRET: "b" })).toEqual({
    ...secret,
    clientSecret: "b",
  });
});

test("a certificate goes before a secret", async () => {
  const made = await makeCertificate();
  const file = join(folder, "both.pem");
  writeFileSync(file, made.privateKeyPem + "\n" + made.certificatePem);
  const identity = await identityFromEnvironment({
    ...arm,
    ARM_CLIENT_SECRET: "a",
    ARM_CLIENT_CERTIFICATE_PATH: file,
  });
  expect(identity).toMatchObject({ ...application, kind: "certificate" });
});

test("a federated token, given or in a file that may change", async () => {
  expect(await assertionOf({ ARM_OIDC_TOKEN: "given" })).toBe("given");
  const file = join(folder, "token");
  writeFileSync(file, "first\n");
  const identity = await identityFromEnvironment({ ...arm, AZURE_FEDERATED_TOKEN_FILE: file });
  if (identity.kind !== "assertion") throw new Error(identity.kind);
  expect(await identity.getAssertion()).toBe("first");
  writeFileSync(file, "second\n");
  expect(await identity.getAssertion()).toBe("second");
});

test("a federated token counts with ARM_USE_OIDC only, as for azuread", async () => {
  const variables = { ...arm, ARM_OIDC_TOKEN: "given", ARM_OIDC_TOKEN_FILE_PATH: "file" };
  expect(await identityFromEnvironment(variables)).toEqual({ kind: "azureCli", tenantId: "TENANT" });
  expect(await identityFromEnvironment({ ...variables, ARM_USE_OIDC: "false" })).toMatchObject({
    kind: "azureCli",
  });
  expect(await identityFromEnvironment({ ...variables, ARM_USE_OIDC: "1" })).toMatchObject({
    kind: "assertion",
  });
});

test("a federated token of GitHub Actions", async () => {
  server.answer({ status: 200, body: { value: "from GitHub" } });
  const token = await assertionOf({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request token",
  });
  expect(token).toBe("from GitHub");
  expect(server.seen).toMatchObject([
    {
      method: "GET",
      path: "/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
      headers: { authorization: "Bearer request token" },
    },
  ]);
});

test("a federated token of Azure Pipelines", async () => {
  server.answer({ status: 200, body: { oidcToken: "from Azure" } });
  const token = await assertionOf({
    SYSTEM_OIDCREQUESTURI: `${server.url}/oidctoken`,
    SYSTEM_ACCESSTOKEN: "access token",
    ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: "a b",
  });
  expect(token).toBe("from Azure");
  expect(server.seen).toMatchObject([
    {
      method: "POST",
      path: "/oidctoken?api-version=7.1&serviceConnectionId=a%20b",
      headers: { authorization: "Bearer access token" },
    },
  ]);
});

test("a pipeline that refuses its token says so", async () => {
  server.answer({ status: 403, body: "id-token: write is missing" });
  const variables = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/t?`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request token",
  };
  await expect(assertionOf(variables)).rejects.toThrow(
    /^GitHub Actions answered 403 to GET https:.*: id-token: write is missing$/,
  );
});

async function assertionOf(variables: NodeJS.ProcessEnv): Promise<string> {
  const identity = await identityFromEnvironment({ ...arm, ARM_USE_OIDC: "true", ...variables });
  if (identity.kind !== "assertion") throw new Error(`not an assertion: ${identity.kind}`);
  return identity.getAssertion();
}
