import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Cloud } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { Identity } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { TestApplication, TestTenant } from "./testTenant.ts";
import { createApplication, startTestTenant } from "./testTenant.ts";
import { makeCertificate } from "./testCertificate.ts";

let tenant: TestTenant;
let application: TestApplication;

beforeAll(async () => {
  tenant = await startTestTenant();
  application = await createApplication(tenant);
});
beforeEach(() => tenant.server.clearRequests());
afterAll(() => tenant.server.close());

test("signs in with a certificate, and reads permission and role from the token", async () => {
  const credential = createCredential(application.identity, tenant.endpoints);
  const { token } = await credential.getToken(tenant.endpoints.exchangeOnline.scope);
  expect(readClaims(token)).toMatchObject({
    tid: tenant.seed.tenantId,
    appid: application.appId,
    aud: "https://outlook.office365.com",
    roles: ["Exchange.ManageAsApp"],
    wids: ["29232cdf-9323-42fd-ade2-1d097af3e4de", "0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
  });
});

test("signs in by the tenant's domain", async () => {
  const identity = { ...application.identity, tenantId: tenant.seed.initialDomain };
  const { token } = await createCredential(identity, tenant.endpoints).getToken(tenant.endpoints.graph.scope);
  expect(readClaims(token).tid).toBe(tenant.seed.tenantId);
});

test("signs in with a secret", async () => {
  const { token } = await createCredential(tenant.deployer, tenant.endpoints).getToken(
    tenant.endpoints.graph.scope,
  );
  expect(readClaims(token).roles).toContain("Application.ReadWrite.All");
});

test("one credential asks for one token, and a new credential for a fresh one", async () => {
  const { scope } = tenant.endpoints.exchangeOnline;
  const credential = createCredential(application.identity, tenant.endpoints);
  await credential.getToken(scope);
  await credential.getToken(scope);
  expect(tokenRequests()).toBe(1);
  await createCredential(application.identity, tenant.endpoints).getToken(scope);
  expect(tokenRequests()).toBe(2);
});

test("a foreign certificate is refused with Entra's number, text and correlation id", async () => {
  const foreign: Identity = { ...application.identity, kind: "certificate", ...(await makeCertificate()) };
  const error = await failure(foreign);
  expect(error.aadsts).toBe(700027);
  expect(error.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(error.message).toMatch(
    /^AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application\. /,
  );
  expect(error.message).not.toMatch(/Trace ID|Correlation ID|Timestamp/);
});

test.each([
  ["a wrong secret", 7000215, { clientSecret: "wrong" }],
  ["an unknown application", 700016, { clientId: "99999999-9999-4999-8999-999999999999" }],
  ["an unknown tenant", 90002, { tenantId: "99999999-9999-4999-8999-999999999999" }],
])("%s is AADSTS%i", async (_, aadsts, change) => {
  expect((await failure({ ...tenant.deployer, ...change })).aadsts).toBe(aadsts);
});

test("an assertion that Entra does not know is refused, and the message does not show it", async () => {
  const { tenantId, clientId } = tenant.deployer;
  const assertion = "eyJhbGciOiJSUzI1NiJ9.e30.c2VjcmV0";
  const error = await failure({ kind: "assertion", tenantId, clientId, getAssertion: async () => assertion });
  expect(error.aadsts).toBeGreaterThan(0);
  expect(error.message).not.toContain(assertion);
});

test.each([
  "contoso.com\n",
  "contoso.com'",
  " 0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11",
  "https://login.microsoftonline.com/x",
  "",
])("the tenant %j is refused as the user's mistake (ansible/ansible#21143)", async (tenantId) => {
  const endpoints = await resolveEndpoints(Cloud.Global, {});
  for (const identity of [
    { kind: "secret", tenantId, clientId: "CLIENT", clientSecret: "s" },
    { kind: "azureCli", tenantId },
  ] as const) {
    expect(() => createCredential(identity, endpoints)).toThrow(
      expect.objectContaining({
        code: "EXO_AUTH_USAGE",
        message: `The tenant to sign in to must be a GUID or a domain, got ${JSON.stringify(tenantId)}. Correct it in its place: ARM_TENANT_ID, AZURE_TENANT_ID, azuread:tenantId or --organization.`,
      }),
    );
  }
});

test("the Azure CLI prints no colors after its JSON, whatever it warns of (azure-sdk-for-python#18664)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-az-"));
  const token = { accessToken: "eyJ.e30.x", expiresOn: "2026-12-12 14:58:55.021835", expires_on: 1797087535 };
  const script = `#!/bin/sh
echo "WARNING: Argument '--tenant' is in preview." >&2
echo '${JSON.stringify(token)}'
[ -n "$AZURE_CORE_NO_COLOR" ] || printf '\\033[0m'
`;
  writeFileSync(join(folder, "az"), script, { mode: 0o755 });
  vi.stubEnv("AZURE_CORE_NO_COLOR", undefined);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const credential = createCredential({ kind: "azureCli" }, await resolveEndpoints(Cloud.Global, {}));
  expect((await credential.getToken("https://graph.microsoft.com/.default")).token).toBe("eyJ.e30.x");
});

test("no server is no number", async () => {
  const endpoints = { ...tenant.endpoints, authorityHost: "https://localhost:1" };
  const error = await failure(tenant.deployer, endpoints);
  expect(error.aadsts).toBeUndefined();
  expect(error.isUnavailable).toBe(true);
  expect(error.message).toMatch(/^Entra could not be reached ECONNREFUSED to GET https:\/\/localhost:1\//);
});

test.each([
  [
    "what tells it about the tenant",
    /openid-configuration/,
    undefined,
    /^Entra answered 429 TooManyRequests/,
  ],
  ["what gives tokens", /\/oauth2\/v2\.0\/token/, 90055, /^AADSTS90055: Too many requests\./],
])("an Entra whose throttling hits %s is no refusal", async (_, path, aadsts, message) => {
  const fault = tenant.server.faults.throttle({ path });
  const error = await failure(tenant.deployer);
  fault.remove();
  expect(error).toMatchObject({ isUnavailable: true, message: expect.stringMatching(message) });
  expect(error.aadsts).toBe(aadsts);
});

async function failure(identity: Identity, endpoints = tenant.endpoints): Promise<SignInError> {
  const credential = createCredential(identity, endpoints);
  const error: unknown = await credential.getToken(endpoints.graph.scope).catch((caught: unknown) => caught);
  if (error instanceof SignInError) return error;
  throw new Error(`not the expected failure: ${String(error)}`);
}

function tokenRequests(): number {
  return tenant.server.requests.filter(({ path }) => path.includes("/oauth2/v2.0/token")).length;
}
