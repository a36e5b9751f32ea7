import { createHash } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { expect, test } from "vitest";
import { textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { assertionForm, keyCredential, makeCertificate } from "./certificates.ts";
import {
  createApplication,
  errorOf,
  itemsOf,
  startOfTest,
  startTestTenant,
  type Answer,
  type TestTenant,
} from "./client.ts";

const graphScope = "https://graph.microsoft.com/.default";
const defaultPolicy = "/v1.0/policies/defaultAppManagementPolicy";
const keyLifetime = (maxLifetime: string, more: JsonObject = {}): JsonObject => ({
  keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime, state: "enabled", ...more }],
});

test("the tenant's application management policy is off until somebody turns it on", async () => {
  const tenant = await withPermissions();
  expect((await tenant.graph("GET", defaultPolicy)).body).toMatchObject({
    id: "00000000-0000-0000-0000-000000000000",
    isEnabled: false,
    applicationRestrictions: { keyCredentials: [], passwordCredentials: [] },
  });
});

test("a certificate must live for less than the policy's time, and those that are there stay", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  const old = await makeCertificate({ notAfter: after(700) });
  expect((await write(tenant, id, [keyCredential(old)])).status).toBe(204);
  await tenant.graph("PATCH", defaultPolicy, {
    isEnabled: true,
    applicationRestrictions: keyLifetime("P365D"),
  });
  const [kept] = await credentials(tenant, id);
  const exact = await makeCertificate({ notBefore: startOfTest, notAfter: after(365) });
  expect(errorOf(await write(tenant, id, [kept ?? {}, keyCredential(exact)]))).toEqual({
    status: 400,
    code: "CredentialInvalidLifetimeAsPerAppPolicy",
    message:
      "Credential lifetime exceeds the max value allowed as per assigned policy '00000000-0000-0000-0000-000000000000'.",
  });
  const shorter = await makeCertificate({ notBefore: startOfTest, notAfter: after(364) });
  expect((await write(tenant, id, [kept ?? {}, keyCredential(shorter)])).status).toBe(204);
  expect(await credentials(tenant, id)).toHaveLength(2);
});

test("a policy of the application's own holds instead of the tenant's", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  await tenant.graph("PATCH", defaultPolicy, {
    isEnabled: true,
    applicationRestrictions: keyLifetime("P30D"),
  });
  const created = await tenant.graph("POST", "/v1.0/policies/appManagementPolicies", {
    displayName: "Two years for jobs",
    isEnabled: true,
    restrictions: keyLifetime("P730D"),
  });
  const policyId = textOf(created.body.id);
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/policies/appManagementPolicies/${policyId}` };
  const path = `/v1.0/applications/${id}/appManagementPolicies`;
  expect((await tenant.graph("POST", `${path}/$ref`, reference)).status).toBe(204);
  expect((await tenant.graph("POST", `${path}/$ref`, reference)).status).toBe(400);
  expect(itemsOf(await tenant.graph("GET", `${path}?$select=displayName`))).toEqual([
    { displayName: "Two years for jobs" },
  ]);
  expect((await write(tenant, id, [keyCredential(await makeCertificate())])).status).toBe(204);
  expect((await tenant.graph("DELETE", `${path}/${policyId}/$ref`)).status).toBe(204);
  expect(errorOf(await write(tenant, id, [keyCredential(await makeCertificate())])).code).toBe(
    "CredentialInvalidLifetimeAsPerAppPolicy",
  );
});

test("a policy may be for newer applications only, or disabled", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  const variants: readonly JsonObject[] = [
    { restrictForAppsCreatedAfterDateTime: "2026-12-01T00:00:00Z" },
    { state: "disabled" },
  ];
  for (const more of variants) {
    await tenant.graph("PATCH", defaultPolicy, {
      isEnabled: true,
      applicationRestrictions: keyLifetime("P1D", more),
    });
    expect((await write(tenant, id, [keyCredential(await makeCertificate())])).status).toBe(204);
  }
});

test("what holds for service principals does not hold for applications, nor the other way round", async () => {
  const tenant = await withPermissions();
  const { id, principalId } = await createApplication(tenant);
  const writePrincipal = async (): Promise<Answer> =>
    tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, {
      keyCredentials: [keyCredential(await makeCertificate())],
    });
  const writeApplication = async (): Promise<Answer> =>
    write(tenant, id, [keyCredential(await makeCertificate())]);
  for (const kind of ["servicePrincipalRestrictions", "applicationRestrictions"]) {
    await tenant.graph("PATCH", defaultPolicy, {
      isEnabled: true,
      servicePrincipalRestrictions: {},
      applicationRestrictions: {},
      [kind]: keyLifetime("P1D"),
    });
    const refused = errorOf(
      await (kind === "applicationRestrictions" ? writeApplication() : writePrincipal()),
    );
    expect(refused.code).toBe("CredentialInvalidLifetimeAsPerAppPolicy");
    const allowed = await (kind === "applicationRestrictions" ? writePrincipal() : writeApplication());
    expect(allowed.status).toBe(204);
  }
});

test("a trusted certificate authority is wanted: what has signed itself is refused", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  await tenant.graph("PATCH", defaultPolicy, {
    isEnabled: true,
    applicationRestrictions: { keyCredentials: [{ restrictionType: "trustedCertificateAuthority" }] },
  });
  expect(errorOf(await write(tenant, id, [keyCredential(await makeCertificate())]))).toEqual({
    status: 400,
    code: "CredentialTypeNotAllowedAsPerAppPolicy",
    message: "Credential type not allowed as per assigned policy '00000000-0000-0000-0000-000000000000'.",
  });
});

test("custom security attributes take rights of their own, are merged, and only then shown", async () => {
  const tenant = await withPermissions({}, ["CustomSecAttributeAssignment.ReadWrite.All"]);
  const { principalId } = await createApplication(tenant);
  const path = `/v1.0/servicePrincipals/${principalId}`;
  const attributes = (sets: Json): Promise<Answer> =>
    tenant.graph("PATCH", path, { customSecurityAttributes: sets });
  expect((await attributes({ Deployment: { Trusted: "yes", Ring: "1" } })).status).toBe(204);
  expect((await attributes({ Deployment: { Ring: null }, Other: { Level: 5 } })).status).toBe(204);
  expect((await attributes("all")).status).toBe(400);
  const type = { "@odata.type": "#microsoft.graph.customSecurityAttributeValue" };
  const selected = await tenant.graph("GET", `${path}?$select=customSecurityAttributes`);
  expect(selected.body.customSecurityAttributes).toEqual({
    Deployment: { Trusted: "yes", ...type },
    Other: { Level: 5, ...type },
  });
  expect((await tenant.graph("GET", path)).body).not.toHaveProperty("customSecurityAttributes");

  const poor = await withPermissions();
  const other = `/v1.0/servicePrincipals/${(await createApplication(poor)).principalId}`;
  for (const answer of [
    await poor.graph("GET", `${other}?$select=customSecurityAttributes`),
    await poor.graph("PATCH", other, { customSecurityAttributes: { A: { B: "c" } } }),
  ]) {
    expect(errorOf(answer)).toMatchObject({ status: 403, code: "Authorization_RequestDenied" });
  }
});

test("secrets may be forbidden, or short", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  const restrict = (restriction: JsonObject) =>
    tenant.graph("PATCH", defaultPolicy, {
      isEnabled: true,
      applicationRestrictions: { passwordCredentials: [{ state: "enabled", ...restriction }] },
    });
  const add = (endDateTime: string) =>
    tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, { passwordCredential: { endDateTime } });
  await restrict({ restrictionType: "passwordLifetime", maxLifetime: "P10D" });
  expect(errorOf(await add("2026-12-24T00:00:00Z")).code).toBe("CredentialInvalidLifetimeAsPerAppPolicy");
  expect((await add("2026-11-24T00:00:00Z")).status).toBe(200);
  await restrict({ restrictionType: "passwordAddition" });
  expect(errorOf(await add("2026-11-24T00:00:00Z"))).toEqual({
    status: 400,
    code: "CredentialTypeNotAllowedAsPerAppPolicy",
    message: "Credential type not allowed as per assigned policy '00000000-0000-0000-0000-000000000000'.",
  });
});

test("conditional access blocks the service principals that a policy includes", async () => {
  const tenant = await withPermissions();
  const { id, appId, principalId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const signIn = () =>
    tenant.signIn({
      client_id: appId,
      client_secret: textOf(secret.body.secretText),
      grant_type: "client_credentials",
      scope: graphScope,
    });
  const created = await tenant.graph("POST", "/v1.0/identity/conditionalAccess/policies", {
    displayName: "Block the jobs",
    state: "enabled",
    conditions: {
      applications: { includeApplications: ["All"] },
      clientApplications: { includeServicePrincipals: [principalId] },
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  });
  expect(created.status).toBe(201);
  const blocked = await signIn();
  expect({ status: blocked.status, codes: blocked.body.error_codes }).toEqual({
    status: 400,
    codes: [53003],
  });
  const path = `/v1.0/identity/conditionalAccess/policies/${textOf(created.body.id)}`;
  await tenant.graph("PATCH", path, { state: "enabledForReportingButNotEnforced" });
  expect((await signIn()).status).toBe(200);
  await tenant.graph("PATCH", path, { state: "enabled" });
  expect((await signIn()).status).toBe(400);
  expect((await tenant.graph("DELETE", path)).status).toBe(204);
  expect((await signIn()).status).toBe(200);
});

test("a workload elsewhere signs in where issuer, subject, audience and signature fit, and not otherwise", async () => {
  const issuer = "https://token.actions.githubusercontent.com";
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" };
  const tenant = await withPermissions({ issuerKeys: { [issuer]: { keys: [jwk] } } });
  const { id, appId } = await createApplication(tenant);
  const federation = {
    issuer,
    subject: "repo:contoso/jobs:ref:refs/heads/main",
    audience: "api://AzureADTokenExchange",
  };
  const signIn = async (
    claims: Partial<typeof federation> = {},
    key: CryptoKey = privateKey,
    now = startOfTest,
  ) => {
    const assertion = await workloadToken({ ...federation, ...claims }, key, now);
    const answer = await tenant.signIn(assertionForm(appId, assertion, graphScope));
    const [number] = Array.isArray(answer.body.error_codes) ? answer.body.error_codes : [];
    return number ?? answer.status;
  };
  expect(await signIn()).toBe(70025);
  const path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
  const trusted = { name: "main", issuer, subject: federation.subject, audiences: [federation.audience] };
  expect((await tenant.graph("POST", path, trusted)).status).toBe(201);
  expect(await signIn()).toBe(200);
  expect(await signIn({ issuer: `${issuer}/` })).toBe(700211);
  expect(await signIn({ audience: "api://other" })).toBe(700212);
  expect(await signIn({ subject: "repo:contoso/jobs:ref:refs/heads/dev" })).toBe(700213);
  expect(await signIn({}, (await generateKeyPair("RS256")).privateKey)).toBe(50027);
  expect(await signIn({}, privateKey, new Date("2026-11-22T08:00:00Z"))).toBe(700024);
});

test("federated identity credentials are unique, limited, and named once and for all", async () => {
  const tenant = await withPermissions();
  const { id } = await createApplication(tenant);
  const path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
  const created = await tenant.graph("POST", path, credential("main"));
  expect(created.status).toBe(201);
  expect(errorOf(await tenant.graph("POST", path, credential("main", "other")))).toEqual({
    status: 409,
    code: "Request_MultipleObjectsWithSameKeyValue",
    message: "FederatedIdentityCredential with name main already exists.",
  });
  expect(errorOf(await tenant.graph("POST", path, credential("other", "main")))).toEqual({
    status: 400,
    code: "InvalidFederatedIdentityCredentialValue",
    message:
      "The combination of issuer and subject must be unique for the application. Issuer https://issuer.example and Subject: main already exist. paramName: FederatedIdentityCredential.Subject, paramValue: main, objectType: Microsoft.Online.DirectoryServices.Application",
  });
  expect((await tenant.graph("POST", path, { ...credential("two"), audiences: ["a", "b"] })).status).toBe(
    400,
  );
  const one = `${path}/${textOf(created.body.id)}`;
  expect(errorOf(await tenant.graph("PATCH", one, { name: "renamed" })).message).toBe(
    "Property 'name' is read-only and cannot be set.",
  );
  expect((await tenant.graph("PATCH", one, { name: "main", description: "d" })).status).toBe(204);
  expect((await tenant.graph("GET", `${path}/main`)).body).toMatchObject({ description: "d" });
  for (let count = 1; count < 20; count += 1)
    expect((await tenant.graph("POST", path, credential(`more${count}`))).status).toBe(201);
  expect(errorOf(await tenant.graph("POST", path, credential("last"))).code).toBe("Directory_QuotaExceeded");
  expect((await tenant.graph("DELETE", one)).status).toBe(204);
  expect((await tenant.graph("GET", one)).status).toBe(404);
});

function withPermissions(
  options: Parameters<typeof startTestTenant>[0] = {},
  more: readonly string[] = [],
): Promise<TestTenant> {
  return startTestTenant({
    ...options,
    seeds: [
      {
        tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
        initialDomain: "contoso.onmicrosoft.com",
        deployer: {
          clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
          clientSecret: "s",
          permissions: [
            "Application.ReadWrite.All",
            "Policy.Read.All",
            "Policy.ReadWrite.ApplicationConfiguration",
            "Policy.ReadWrite.ConditionalAccess",
            ...more,
          ],
        },
      },
    ],
  });
}

function after(days: number): Date {
  return new Date(startOfTest.getTime() + days * 86_400_000);
}

function write(tenant: TestTenant, id: string, keyCredentials: readonly JsonObject[]): Promise<Answer> {
  return tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials });
}

async function credentials(tenant: TestTenant, id: string): Promise<readonly JsonObject[]> {
  const { body } = await tenant.graph("GET", `/v1.0/applications/${id}`);
  return Array.isArray(body.keyCredentials) ? body.keyCredentials : [];
}

function workloadToken(
  claims: { issuer: string; subject: string; audience: string },
  key: CryptoKey,
  now: Date,
): Promise<string> {
  const seconds = now.getTime() / 1000;
  return new SignJWT({ jti: createHash("sha256").update(claims.subject).digest("hex") })
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuer(claims.issuer)
    .setSubject(claims.subject)
    .setAudience(claims.audience)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 300)
    .sign(key);
}

/** A federated identity credential as a client writes it. */
function credential(name: string, subject = name): JsonObject {
  return { name, issuer: "https://issuer.example", subject, audiences: ["api://AzureADTokenExchange"] };
}
