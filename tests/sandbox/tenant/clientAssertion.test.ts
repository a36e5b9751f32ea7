import { expect, test } from "vitest";
import type { TenantServerOptions } from "../../../sandbox/tenant/index.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import {
  assertionForm,
  digest,
  keyCredential,
  makeAssertion,
  makeCertificate,
  type AssertionOptions,
  type TestCertificate,
} from "./certificates.ts";
import {
  claimsOf,
  createApplication,
  startOfTest,
  startTestTenant,
  tokenOf,
  type Answer,
  type TestTenant,
} from "./client.ts";

const exchangeScope = "https://outlook.office365.com/.default";
const seconds = startOfTest.getTime() / 1000;

test.each([
  {
    title: "x5t",
    header: (certificate: TestCertificate) => ({ x5t: digest(certificate, "sha1").toString("base64url") }),
  },
  {
    title: "x5t#S256",
    header: (certificate: TestCertificate) => ({
      "x5t#S256": digest(certificate, "sha256").toString("base64url"),
    }),
  },
  {
    title: "a kid in hex",
    header: (certificate: TestCertificate) => ({ kid: digest(certificate, "sha1").toString("hex") }),
  },
  {
    title: "a kid in base64url with padding, as azuread sends it",
    header: (certificate: TestCertificate) => ({
      kid: `${digest(certificate, "sha1").toString("base64url")}=`,
    }),
  },
])("a certificate named by $title gets a token, with RS256 and with PS256", async ({ header }) => {
  const { tenant, appId, certificate } = await withCertificate();
  for (const algorithm of ["RS256", "PS256"]) {
    const token = await tokenOf(
      signIn(tenant, appId, certificate, { algorithm, header: header(certificate) }),
    );
    expect(claimsOf(token)).toMatchObject({
      aud: "https://outlook.office365.com",
      appid: appId,
      appidacr: "2",
    });
  }
});

test("a certificate on the service principal gets a token too", async () => {
  const tenant = await startTestTenant();
  const certificate = await makeCertificate();
  const { appId, principalId } = await createApplication(tenant);
  await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, {
    keyCredentials: [keyCredential(certificate)],
  });
  expect((await signIn(tenant, appId, certificate)).status).toBe(200);
});

test("the token endpoint by domain name is an audience as good as by tenant ID", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  const audience = `${tenant.server.url}/contoso.onmicrosoft.com/oauth2/v2.0/token`;
  expect((await signIn(tenant, appId, certificate, { claims: { aud: audience } })).status).toBe(200);
});

test("the same assertion may come again while it is valid, as MSAL for Node sends it", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  const assertion = await makeAssertion(certificate, appId, audienceOf(tenant));
  for (const scope of [exchangeScope, "https://graph.microsoft.com/.default"]) {
    expect((await tenant.signIn(assertionForm(appId, assertion, scope))).status).toBe(200);
  }
});

test("a server that is told to refuse replays takes each assertion once, until it has ended", async () => {
  const { tenant, appId, certificate } = await withCertificate({ refuseReplayedAssertions: true });
  const first = await makeAssertion(certificate, appId, audienceOf(tenant));
  const use = (assertion: string) => tenant.signIn(assertionForm(appId, assertion, exchangeScope));
  expect((await use(first)).status).toBe(200);
  expect(refusal(await use(first))).toEqual({
    status: 401,
    error: "invalid_client",
    description: "AADSTS50013: Assertion failed validation: its 'jti' has been used before.",
  });
  expect((await signIn(tenant, appId, certificate)).status).toBe(200);
  expect(numberOf(await signIn(tenant, appId, certificate, { claims: { jti: undefined } }))).toBe(50027);
});

test("a foreign certificate is refused", async () => {
  const { tenant, appId } = await withCertificate();
  const foreign = await makeCertificate();
  expect(refusal(await signIn(tenant, appId, foreign))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. " +
      `[Reason - The key was not found., Thumbprint of key used by client: '${digest(foreign, "sha1").toString("hex").toUpperCase()}', ` +
      `Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'.]`,
  });
});

test("a removed certificate is refused at once, while tokens that it got stay good", async () => {
  const { tenant, appId, certificate, id } = await withCertificate();
  expect((await signIn(tenant, appId, certificate)).status).toBe(200);
  await tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials: [] });
  expect(numberOf(await signIn(tenant, appId, certificate))).toBe(700027);
});

test("the name of a registered certificate does not help a foreign key", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  const foreign = await makeCertificate();
  const header = { x5t: digest(certificate, "sha1").toString("base64url") };
  expect(refusal(await signIn(tenant, appId, foreign, { header }))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      "AADSTS700027: Client assertion failed signature validation. [Reason - The key was found, but use of the key to " +
      "verify the signature failed., Thumbprint of key used by client: " +
      `'${digest(certificate, "sha1").toString("hex").toUpperCase()}', Please visit the Azure Portal, Graph Explorer or ` +
      `directly use MS Graph to see configured keys for app Id '${appId}'.]`,
  });
});

test("a certificate that has ended is refused", async () => {
  let now = startOfTest;
  const tenant = await startTestTenant({ now: () => now });
  const certificate = await makeCertificate({ notAfter: new Date("2026-12-01T00:00:00Z") });
  const { id, appId } = await createApplication(tenant);
  await tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials: [keyCredential(certificate)] });
  now = new Date("2026-12-01T00:00:00Z");
  const answer = await signIn(tenant, appId, certificate, { now });
  expect(numberOf(answer)).toBe(700027);
  expect(textOf(answer.body.error_description)).toContain("[Reason - The key used is expired., ");
});

test.each([
  { title: "of another client", claims: { iss: "22222222-2222-4222-8222-222222222222" }, number: 700021 },
  { title: "about another client", claims: { sub: "22222222-2222-4222-8222-222222222222" }, number: 700021 },
  {
    title: "for another audience",
    claims: { aud: "https://login.microsoftonline.com/common" },
    number: 700023,
  },
  { title: "that has ended", claims: { nbf: seconds - 1000, exp: seconds - 300 }, number: 700024 },
  { title: "that has not begun", claims: { nbf: seconds + 301, exp: seconds + 900 }, number: 700024 },
  { title: "without an end", claims: { exp: undefined }, number: 50027 },
])("an assertion $title is refused", async ({ claims, number }) => {
  const { tenant, appId, certificate } = await withCertificate();
  expect(numberOf(await signIn(tenant, appId, certificate, { claims }))).toBe(number);
});

test("clocks may be five minutes apart", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  const claims = { nbf: seconds + 300, exp: seconds + 900 };
  expect((await signIn(tenant, appId, certificate, { claims })).status).toBe(200);
});

test("the texts of assertions outside their time say when it was and when it would do", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  const claims = { nbf: seconds - 1000, exp: seconds - 300 };
  expect(refusal(await signIn(tenant, appId, certificate, { claims }))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      "AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-23T08:00:00.000Z, " +
      "assertion valid from 2026-11-23T07:43:20.000Z, expiry time of assertion 2026-11-23T07:55:00.000Z.",
  });
});

test("what is no assertion is refused", async () => {
  const { tenant, appId, certificate } = await withCertificate();
  expect(numberOf(await tenant.signIn(assertionForm(appId, "not.a.jwt", exchangeScope)))).toBe(50027);
  expect(numberOf(await signIn(tenant, appId, certificate, { algorithm: "RS512" }))).toBe(50027);
  expect(numberOf(await signIn(tenant, appId, certificate, { header: {} }))).toBe(50027);
  const form = assertionForm(
    appId,
    await makeAssertion(certificate, appId, audienceOf(tenant)),
    exchangeScope,
  );
  expect(numberOf(await tenant.signIn({ ...form, client_assertion_type: "jwt" }))).toBe(9002313);
  expect(numberOf(await tenant.signIn({ ...form, client_secret: "secret" }))).toBe(9002313);
});

async function withCertificate(options: TenantServerOptions = {}): Promise<{
  tenant: TestTenant;
  id: string;
  appId: string;
  certificate: TestCertificate;
}> {
  const tenant = await startTestTenant(options);
  const certificate = await makeCertificate();
  const { id, appId } = await createApplication(tenant);
  const written = await tenant.graph("PATCH", `/v1.0/applications/${id}`, {
    keyCredentials: [keyCredential(certificate)],
  });
  expect(written.status).toBe(204);
  return { tenant, id, appId, certificate };
}

async function signIn(
  tenant: TestTenant,
  appId: string,
  certificate: TestCertificate,
  options: AssertionOptions = {},
): Promise<Answer> {
  const assertion = await makeAssertion(certificate, appId, audienceOf(tenant), options);
  return tenant.signIn(assertionForm(appId, assertion, exchangeScope));
}

function audienceOf(tenant: TestTenant): string {
  return `${tenant.server.url}/${tenant.seed.tenantId}/oauth2/v2.0/token`;
}

function refusal(answer: Answer): { status: number; error: unknown; description: string } {
  const description = textOf(answer.body.error_description).replace(/ Trace ID: .*$/, "");
  return { status: answer.status, error: answer.body.error, description };
}

function numberOf(answer: Answer): unknown {
  const { error_codes: numbers } = answer.body;
  return Array.isArray(numbers) ? numbers[0] : answer.text;
}
