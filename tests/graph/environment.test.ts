import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { armIdentity, identityFromEnvironment } from "../../graph/environment.ts";
import { createCredential } from "../../graph/signIn.ts";
import { Cloud } from "../../microsoft/clouds.ts";
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

const azure = { AZURE_TENANT_ID: "TENANT", AZURE_CLIENT_ID: "CLIENT" };

test("a secret, under either name", async () => {
  const secret = { ...application, kind: "secret", clientSecret: "a" };
  expect(await identityFromEnvironment({ ...arm, ARM_CLIENT_SECRET: "a" })).toEqual(secret);
  expect(await identityFromEnvironment({ ...azure, AZURE_CLIENT_SECRET: "a" })).toEqual(secret);
});

const backend = {
  AZURE_TENANT_ID: "OTHER",
  AZURE_CLIENT_ID: "BACKEND",
  AZURE_CLIENT_SECRET: "secret-of-the-state-backend",
  AZURE_CLIENT_CERTIFICATE_PATH: "backend.pem",
  AZURE_FEDERATED_TOKEN_FILE: "backend-token",
};

test.each<[string, NodeJS.ProcessEnv, unknown]>([
  ["a token", { ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "eyJ" }, { kind: "assertion" }],
  ["a secret", { ARM_CLIENT_SECRET: "own" }, { kind: "secret", clientSecret: "own" }],
  ["nothing to sign in with", {}, { kind: "azureCli" }],
])("a backend's AZURE_ identity lends nothing to a deployer with %s", async (_, variables, wanted) => {
  const identity = await identityFromEnvironment({ ...backend, ...arm, ...variables });
  expect(identity).toMatchObject({ tenantId: "TENANT", ...(wanted as object) });
  expect(JSON.stringify(identity)).not.toMatch(/OTHER|BACKEND|backend/);
});

test.each(["ARM_TENANT_ID", "ARM_CLIENT_SECRET", "ARM_USE_OIDC"])(
  "a part of an ARM_ identity (%s) is not made whole with AZURE_ variables",
  async (name) => {
    expect(await identityFromEnvironment({ ...backend, [name]: "true" })).toMatchObject({ kind: "azureCli" });
  },
);

test("the azuread provider's identity is never that of AZURE_ variables", async () => {
  expect(await armIdentity({ ...azure, AZURE_CLIENT_SECRET: "a" })).toEqual({ kind: "azureCli" });
});

const pod = { ...azure, AZURE_CLIENT_SECRET: "a", ARM_USE_AKS_WORKLOAD_IDENTITY: "true" };

test("a workload identity of AKS: the provider takes the tenant from the pod, and nothing else", async () => {
  const file = join(folder, "aks-token");
  writeFileSync(file, "from the cluster\n");
  const named = { ...pod, AZURE_CLIENT_ID: "POD", ARM_CLIENT_ID: "CLIENT" };
  const identity = await identityFromEnvironment({ ...named, ARM_OIDC_TOKEN_FILE_PATH: file });
  expect(identity).toMatchObject({ ...application, kind: "assertion" });
  if (identity.kind !== "assertion") throw new Error(identity.kind);
  expect(await identity.getAssertion()).toBe("from the cluster");
  expect(await armIdentity({ ...named, ARM_CLIENT_SECRET: "own" })).toEqual({
    ...application,
    kind: "secret",
    clientSecret: "own",
  });
});

test.each<[string, NodeJS.ProcessEnv]>([
  ["nothing of its own", {}],
  ["a client ID without a token", { ARM_CLIENT_ID: "CLIENT" }],
  ["the pod's own token", { AZURE_FEDERATED_TOKEN_FILE: "token" }],
])("a workload identity of AKS with %s is refused, not taken from AZURE_ variables", async (_, variables) => {
  await expect(identityFromEnvironment({ ...pod, ...variables })).rejects.toThrow(
    "ARM_USE_AKS_WORKLOAD_IDENTITY, or azuread:useAksWorkloadIdentity, is on, but the azuread provider takes only the tenant from the pod. Set ARM_CLIENT_ID to the pod's AZURE_CLIENT_ID, and ARM_OIDC_TOKEN_FILE_PATH to its AZURE_FEDERATED_TOKEN_FILE.",
  );
});

test("a workload identity of AKS in another tenant than the pod's", async () => {
  await expect(armIdentity({ ...pod, ...arm, ARM_TENANT_ID: "OTHER" })).rejects.toThrow(
    "ARM_TENANT_ID, or azuread:tenantId, and the pod's AZURE_TENANT_ID differ. Remove the first, or set ARM_USE_AKS_WORKLOAD_IDENTITY to false.",
  );
  expect(
    await armIdentity({ ARM_USE_AKS_WORKLOAD_IDENTITY: "true", ...arm, ARM_CLIENT_SECRET: "a" }),
  ).toMatchObject({ ...application, kind: "secret" });
});

test("spaces around a value do not count, and switches are read, as for azuread", async () => {
  const spaced = { ARM_TENANT_ID: " TENANT\n", ARM_CLIENT_ID: "CLIENT ", ARM_CLIENT_SECRET: "a\r\n" };
  expect(await armIdentity(spaced)).toEqual({ ...application, kind: "secret", clientSecret: "a" });
  expect(await armIdentity({ ...arm, ARM_USE_OIDC: "T", ARM_OIDC_TOKEN: "x" })).toMatchObject({
    kind: "assertion",
  });
  await expect(armIdentity({ ...arm, ARM_USE_CLI: "F" })).rejects.toThrow(/^ARM_USE_CLI, /);
});

test("client ID and secret in files, alone or beside the same value", async () => {
  const [id, secret] = [join(folder, "id"), join(folder, "secret")];
  writeFileSync(id, "CLIENT\n");
  writeFileSync(secret, Buffer.from("\uFEFFa\r\n", "utf16le"));
  const files = { ARM_TENANT_ID: "TENANT", ARM_CLIENT_ID_FILE_PATH: id, ARM_CLIENT_SECRET_FILE_PATH: secret };
  const wanted = { ...application, kind: "secret", clientSecret: "a" };
  expect(await identityFromEnvironment(files)).toEqual(wanted);
  expect(await identityFromEnvironment({ ...files, ARM_CLIENT_SECRET: "a" })).toEqual(wanted);
  await expect(identityFromEnvironment({ ...files, ARM_CLIENT_SECRET: "b" })).rejects.toThrow(
    "ARM_CLIENT_SECRET and the file of ARM_CLIENT_SECRET_FILE_PATH differ. Remove one of them.",
  );
  writeFileSync(secret, Buffer.from("a\r\n", "utf16le"));
  expect(await identityFromEnvironment(files)).toEqual(wanted);
  writeFileSync(secret, Buffer.from("ä\n", "latin1"));
  await expect(identityFromEnvironment(files)).rejects.toThrow(
    `"${secret}" must be UTF-8, or UTF-16 with a byte order mark. Save it as UTF-8.`,
  );
  await expect(
    identityFromEnvironment({ ...files, ARM_CLIENT_ID_FILE_PATH: join(folder, "none") }),
  ).rejects.toThrow(/^".*none" does not exist\.$/);
});

test("a certificate in a variable, as Base64", async () => {
  const made = await makeCertificate();
  const pem = Buffer.from(`${made.privateKeyPem}\n${made.certificatePem}`).toString("base64");
  const identity = await identityFromEnvironment({
    ...arm,
    ARM_CLIENT_CERTIFICATE: pem,
    ARM_CLIENT_SECRET: "a",
  });
  expect(identity).toMatchObject({ ...application, kind: "certificate" });
  await expect(identityFromEnvironment({ ...arm, ARM_CLIENT_CERTIFICATE: "MIIK" })).rejects.toThrow(
    /^The certificate in ARM_CLIENT_CERTIFICATE cannot be read as PEM or PFX: /,
  );
  for (const value of ["/run/secrets/deployer.pfx", made.certificatePem]) {
    await expect(identityFromEnvironment({ ...arm, ARM_CLIENT_CERTIFICATE: value })).rejects.toThrow(
      /^ARM_CLIENT_CERTIFICATE, or azuread:clientCertificate, must be the Base64 of a PFX, got something else\. /,
    );
  }
});

test("a line end after an ID, which a secret store adds, is not part of it", async () => {
  expect(
    await identityFromEnvironment({
      AZURE_TENANT_ID: "TENANT\n",
      AZURE_CLIENT_ID: "CLIENT\r\n",
      AZURE_CLIENT_SECRET: "secret",
    }),
  ).toMatchObject({ kind: "secret", tenantId: "TENANT", clientId: "CLIENT" });
});

test.each([
  [
    { ARM_USE_MSI: "true" },
    /^ARM_USE_MSI, or azuread:useMsi, is set, but exo-auth does not sign in with managed identities\. /,
  ],
  [
    { ARM_USE_CLI: "false" },
    /^ARM_USE_CLI, or azuread:useCli, is off, and the ARM_… variables and the stack's azuread:… settings name no other way to sign in\. /,
  ],
])("refuses by name what it does not do: %j", async (variables, message) => {
  await expect(identityFromEnvironment({ ...arm, ...variables })).rejects.toThrow(message);
  await expect(identityFromEnvironment(variables)).rejects.toThrow(message);
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
  const identity = await identityFromEnvironment({ ...azure, AZURE_FEDERATED_TOKEN_FILE: file });
  if (identity.kind !== "assertion") throw new Error(identity.kind);
  expect(await identity.getAssertion()).toBe("first");
  writeFileSync(file, "second\n");
  expect(await identity.getAssertion()).toBe("second");
});

test("a federated token that is given and in a file has to be the same", async () => {
  const file = join(folder, "token-of-both");
  writeFileSync(file, "one\n");
  const both = { ARM_OIDC_TOKEN_FILE_PATH: file, ARM_OIDC_TOKEN: "one" };
  expect(await assertionOf(both)).toBe("one");
  await expect(assertionOf({ ...both, ARM_OIDC_TOKEN: "two" })).rejects.toThrow(
    "ARM_OIDC_TOKEN and the file of ARM_OIDC_TOKEN_FILE_PATH differ. Remove one of them.",
  );
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

test("a job that nobody gives a federated token learns it where the Azure CLI cannot help (actions/toolkit#952)", async () => {
  const identity = await identityFromEnvironment({ ...arm, ARM_USE_OIDC: "true" });
  expect(identity).toEqual({
    kind: "azureCli",
    tenantId: "TENANT",
    insteadOf: expect.stringMatching(/^ARM_USE_OIDC is on, but nothing gives a federated token, /),
  });
  const credential = createCredential(identity, await resolveEndpoints(Cloud.Global, {}));
  await expect(credential.getToken("https://graph.microsoft.com/.default")).rejects.toThrow(
    "ARM_USE_OIDC is on, but nothing gives a federated token, and the Azure CLI gives no token either. In GitHub Actions, give the job `permissions: id-token: write`. In Azure Pipelines, set ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID and SYSTEM_ACCESSTOKEN. Elsewhere, set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH.",
  );
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

test.each([
  ["", "usgovernment", "api%3A%2F%2FAzureADTokenExchangeUSGov"],
  ["", "china", "api%3A%2F%2FAzureADTokenExchangeChina"],
  ["&audience=api%3A%2F%2FOwn", "usgovernment", "api%3A%2F%2FOwn"],
])("asks GitHub Actions once for the cloud's audience, or for a given one (%j in %s)", async (...row) => {
  const [query, environment, audience] = row;
  server.answer({ status: 200, body: { value: "from GitHub" } });
  await assertionOf({
    ARM_OIDC_REQUEST_URL: `${server.url}/token?api-version=2.0${query}`,
    ARM_OIDC_REQUEST_TOKEN: "request token",
    ARM_ENVIRONMENT: environment,
  });
  expect(server.seen.map(({ path }) => path)).toEqual([`/token?api-version=2.0&audience=${audience}`]);
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
