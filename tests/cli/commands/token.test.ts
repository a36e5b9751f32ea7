import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { timeInWords } from "../../../common/time.ts";
import { readCertificate } from "../../../common/certificate.ts";
import { tokenCommand } from "../../../cli/commands/token.ts";
import { readClaims } from "../../../graph/accessToken.ts";
import {
  gitHubSubject,
  issuers,
  startTokenIssuer,
  type TokenIssuer,
} from "../../engine/pipelines/tokenIssuer.ts";
import { defaultSeed } from "../../../sandbox/tenant/tenantSeed.ts";
import { makeCertificate, type TestCertificate } from "../../graph/testCertificate.ts";
import {
  createApplication,
  startTestTenant,
  type TestApplication,
  type TestTenant,
} from "../../graph/testTenant.ts";
import { exportedComponent, exportOf, secret } from "../../stack/exportedState.ts";
import { type CliResult, makeCliFolder, type ScriptedPulumi } from "../cliProcess.ts";
import { schemaErrors } from "../schemaErrors.ts";

const job = { repository: "contoso/jobs", environment: "production" };
let tokens: TokenIssuer;
let tenant: TestTenant;
let vaulted: TestCertificate;
let application: TestApplication;

beforeAll(async () => {
  tokens = await startTokenIssuer();
  vaulted = await makeCertificate();
  tenant = await startTestTenant({
    issuerKeys: tokens.issuerKeys,
    keyVault: { certificates: { exchange: vaulted }, users: [defaultSeed.deployer.clientId] },
  });
  application = await createApplication(tenant, { securityAndCompliance: true });
});
afterAll(() => Promise.all([tenant.server.close(), tokens.close()]));

test("a certificate in a file: the token alone on standard output, how long it lasts beside it", async () => {
  const { exitCode, stdout, stderr } = await withFile(application);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const claims = readClaims(stdout);
  expect(claims).toMatchObject({
    aud: "https://outlook.office365.com",
    appid: application.appId,
    roles: ["Exchange.ManageAsApp"],
  });
  const minutes = Math.round((claims.exp * 1000 - Date.now()) / 60_000);
  const end = timeInWords(claims.exp * 1000);
  expect(stderr).toBe(
    `The token is for Exchange Online in contoso.onmicrosoft.com. It is valid until ${end}, for ${minutes} minutes.\n`,
  );
  expect((await withFile(application, "--quiet")).stderr).toBe("");
});

test("Security & Compliance has an audience of its own", async () => {
  const { stdout, stderr } = await withFile(application, "--service", "compliance");
  expect(readClaims(stdout).aud).toBe("https://ps.compliance.protection.outlook.com");
  expect(stderr).toContain("The token is for Security & Compliance in contoso.onmicrosoft.com.");
});

test("a stack's certificate", async () => {
  const { certificatePem, privateKeyPem, appId } = application;
  const resources = exportedComponent("production", "exchange-auth", "exchange").map((resource) => {
    const { outputs } = resource;
    if (outputs["generation"] === "2")
      return { ...resource, outputs: { ...outputs, certificatePem, privateKeyPem: secret(privateKeyPem) } };
    if (outputs["appId"] === undefined) return resource;
    return { ...resource, outputs: { ...outputs, appId, tenantId: tenant.seed.tenantId } };
  });
  const { exitCode, stdout } = await exoAuth({ stdout: exportOf(resources) }, {}, "token");
  expect(exitCode).toBe(0);
  expect(readClaims(stdout).appid).toBe(appId);
});

test("a stack with several components wants one named", async () => {
  const resources = ["exchange", "reports"].flatMap((name) =>
    exportedComponent("production", "exchange-auth", name),
  );
  expect(await exoAuth({ stdout: exportOf(resources) }, {}, "token")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      'exo-auth token: The stack has several components: "exchange", "reports". Choose one with --component.\n',
  });
});

test("the platform's federated token", async () => {
  await trust(gitHubSubject(job), "environment");
  const { exitCode, stdout } = await exoAuth(
    {},
    {
      ARM_TENANT_ID: tenant.seed.tenantId,
      ARM_CLIENT_ID: application.appId,
      ARM_USE_OIDC: "true",
      ARM_OIDC_TOKEN: await tokens.token(issuers.github, gitHubSubject(job)),
    },
    "token",
    "--from-environment",
  );
  expect(exitCode).toBe(0);
  expect(readClaims(stdout)).toMatchObject({ appid: application.appId, roles: ["Exchange.ManageAsApp"] });
});

test("a key that never leaves Key Vault: the assertion is signed there, and Entra takes it", async () => {
  const { appId } = await createApplication(tenant, { certificate: vaulted });
  tenant.server.clearRequests();
  const { exitCode, stdout, stderr } = await withVault("exchange", appId);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(/^The token is for Exchange Online in contoso\.onmicrosoft\.com\./),
  });
  expect(readClaims(stdout)).toMatchObject({ appid: appId, roles: ["Exchange.ManageAsApp"] });
  const asked = tenant.server.requests
    .filter(({ path }) => /^\/(certificates|keys)\//.test(path))
    .map(({ method, path, clientId }) => `${method} ${path.replace(/\w{32}/, "VERSION")} as ${clientId}`);
  // The library asks twice for the same assertion.
  expect([...new Set(asked)]).toEqual([
    `GET /certificates/exchange?api-version=7.4 as ${defaultSeed.deployer.clientId}`,
    `POST /keys/exchange/VERSION/sign?api-version=7.4 as ${defaultSeed.deployer.clientId}`,
  ]);
});

test("a certificate of Key Vault that is not on the application is named", async () => {
  const { exitCode, stdout, stderr } = await withVault("exchange", application.appId);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  const { thumbprint } = readCertificate(vaulted.certificatePem);
  expect(stderr).toContain(
    `exo-auth token: Entra does not accept the certificate ${thumbprint} for application ${application.appId} (AADSTS700027).`,
  );
});

test("Key Vault's refusal to sign is not taken for one of Entra's", async () => {
  const { appId } = await createApplication(tenant, { certificate: vaulted });
  tenant.server.faults.refuse({ path: /^\/keys\// }, { status: 403, code: "Forbidden", message: "No." });
  onTestFinished(() => tenant.server.faults.clear());
  const { exitCode, stdout, stderr } = await withVault("exchange", appId);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toMatch(
    /^exo-auth token: Azure Key Vault answered 403 Forbidden to POST https:\/\/localhost.*: No\..* The identity of the environment needs the right keys\/sign in the vault/,
  );
});

test("a refusal is explained, and nothing is printed as a token", async () => {
  const { exitCode, stdout, stderr } = await withFile({ ...application, ...(await makeCertificate()) });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toMatch(
    /^exo-auth token: Entra does not accept the certificate [0-9A-F]{40} for application/,
  );
  expect(stderr).toContain("(AADSTS700027)");
});

test("a token that Exchange would refuse is said to be one", async () => {
  const { exitCode, stderr } = await withFile(await createApplication(tenant, { consent: false }));
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    "✗ It does not have Exchange.ManageAsApp, so Connect-ExchangeOnline refuses it. `exo-auth verify` explains why.\n",
  );
});

test("a token that Security & Compliance would refuse names the permission that it lacks", async () => {
  const { exitCode, stderr } = await withFile(await createApplication(tenant), "--service", "compliance");
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    "✗ It does not have Exchange.ManageAsApp, so Connect-IPPSSession refuses it. The component grants that of Microsoft Exchange Online Protection if a role opens Security & Compliance.\n",
  );
});

test.each([
  [["--json"], "The token goes to standard output alone. Leave out --json and --output."],
  [["--output", "token.json"], "The token goes to standard output alone. Leave out --json and --output."],
  [["--service", "graph"], '--service must be exchange or compliance, got "graph".'],
])("%j is refused", async (args, message) => {
  const { exitCode, stdout, stderr } = await exoAuth({}, {}, "token", ...args);
  expect(exitCode).toBe(2);
  expect(`${stdout}${stderr}`).toContain(message);
});

test("people who read along see no token", async () => {
  const context = {
    env: tenant.env,
    signal: new AbortController().signal,
    operand: "",
    progress: () => undefined,
    isTerminal: true,
  };
  await expect(tokenCommand.run({ service: "exchange" }, context)).rejects.toThrow(
    "The token would show on the terminal. Send it to a pipe or a variable, or use --force.",
  );
});

test("--show-claims prints what the job's token says, and the credential that would trust it", async () => {
  const subject = gitHubSubject({ ...job, ids: { owner: 9919, repository: 1296269 } });
  const env = { ARM_OIDC_TOKEN: await tokens.token(issuers.github, subject) };
  const { exitCode, stdout, stderr } = await exoAuth({}, env, "token", "--show-claims");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.replace(/until .* UTC\./, "until END.")).toBe(
    `This job's token says:
  iss  https://token.actions.githubusercontent.com
  sub  repo:contoso@9919/jobs@1296269:environment:production
  aud  api://AzureADTokenExchange
  It is valid until END.

To trust it, a federated credential must have exactly these values, including upper and lower case:
  issuer    https://token.actions.githubusercontent.com
  subject   repo:contoso@9919/jobs@1296269:environment:production
  audience  api://AzureADTokenExchange
`,
  );
  const json = await exoAuth({}, env, "token", "--show-claims", "--json");
  expect(schemaErrors("token", json.stdout)).toBeUndefined();
  expect(JSON.parse(json.stdout)).toMatchObject({ issuer: issuers.github, subject, isWide: false });
});

test("--show-claims takes one right audience among several", async () => {
  const claims = { iss: "i", sub: "s", aud: ["other", "api://AzureADTokenExchange"] };
  const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
  const { stdout } = await exoAuth({}, { ARM_OIDC_TOKEN: token }, "token", "--show-claims");
  expect(stdout).toContain("  aud  other, api://AzureADTokenExchange\n");
  expect(stdout).not.toContain("Entra refuses the token");
});

test("--show-claims warns of a subject that several branches have, and of another cloud's audience", async () => {
  const env = {
    ARM_OIDC_TOKEN: await tokens.token(issuers.github, "repo:contoso/jobs:pull_request"),
    ARM_ENVIRONMENT: "usgovernment",
  };
  const { stdout } = await exoAuth({}, env, "token", "--show-claims");
  expect(stdout).toContain(
    '✗ Entra refuses the token: its audience must be "api://AzureADTokenExchangeUSGov", got "api://AzureADTokenExchange".\n',
  );
  expect(stdout).toContain(
    "More than one branch or environment has this subject, so each of them could sign in.\n",
  );
});

test.each([
  [{}, 2, /^exo-auth token: This job has no federated token\. GitHub Actions: give the job/],
  [
    { ARM_OIDC_TOKEN: "secret" },
    3,
    /^exo-auth token: The federated token of this job must be a JSON Web Token/,
  ],
])("--show-claims with %j", async (env, code, message) => {
  const { exitCode, stdout, stderr } = await exoAuth({}, env, "token", "--show-claims");
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("secret");
});

async function withFile(
  {
    certificatePem,
    privateKeyPem,
    appId,
  }: Pick<TestApplication, "certificatePem" | "privateKeyPem" | "appId">,
  ...args: readonly string[]
): Promise<CliResult> {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-token-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "certificate.pem");
  writeFileSync(file, `${privateKeyPem}\n${certificatePem}`);
  const target = ["--certificate-file", file, "--app-id", appId, "--organization", tenant.seed.initialDomain];
  return exoAuth({}, {}, "token", ...target, ...args);
}

async function withVault(name: string, appId: string): Promise<CliResult> {
  const { tenantId, initialDomain, deployer } = tenant.seed;
  const target = ["--key-vault-certificate", `${tenant.server.url}/certificates/${name}`];
  const variables = {
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
  };
  return exoAuth({}, variables, "token", ...target, "--app-id", appId, "--organization", initialDomain);
}

async function exoAuth(
  pulumi: ScriptedPulumi,
  variables: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<CliResult> {
  const folder = makeCliFolder(pulumi, { ...tenant.env, ...variables });
  const authority = join(folder.path, "authority.pem");
  writeFileSync(authority, tenant.server.certificateAuthorityPem);
  folder.env.NODE_EXTRA_CA_CERTS = authority;
  return folder.run(...args);
}

async function trust(subject: string, name: string): Promise<void> {
  await tenant.write(
    "POST",
    `/applications/${application.applicationObjectId}/federatedIdentityCredentials`,
    {
      name,
      issuer: issuers.github,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    },
  );
}
