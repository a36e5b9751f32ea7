import { expect, test } from "vitest";
import { textOf } from "../../../sandbox/tenant/json.ts";
import {
  claimsOf,
  createApplication,
  deployerForm,
  startOfTest,
  startTestTenant,
  tokenOf,
  type Answer,
} from "./client.ts";

const graphScope = "https://graph.microsoft.com/.default";

test("a client secret gets an app-only token in Entra's shape", async () => {
  const tenant = await startTestTenant();
  const answer = await tenant.signIn({
    ...deployerForm(tenant.seed),
    scope: `${tenant.server.url}/.default`,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.body).toEqual({
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: expect.any(String),
  });
  const { oid, uti, ...claims } = claimsOf(textOf(answer.body.access_token));
  const issuedAt = startOfTest.getTime() / 1000;
  expect(claims).toEqual({
    aud: tenant.server.url,
    iss: `https://sts.windows.net/${tenant.seed.tenantId}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3599,
    app_displayname: "Deployment",
    appid: tenant.seed.deployer.clientId,
    appidacr: "1",
    idp: `https://sts.windows.net/${tenant.seed.tenantId}/`,
    idtyp: "app",
    sub: oid,
    tenant_region_scope: "EU",
    tid: tenant.seed.tenantId,
    ver: "1.0",
    roles: [
      "AppRoleAssignment.ReadWrite.All",
      "Application.ReadWrite.All",
      "Domain.Read.All",
      "RoleManagement.ReadWrite.Directory",
    ],
    wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
  });
  expect(uti).toMatch(/^\S{22}$/);
});

test("the tenant may be named by its initial domain, and Graph by its own address", async () => {
  const tenant = await startTestTenant();
  const form = { ...deployerForm(tenant.seed), scope: graphScope };
  const token = await tokenOf(tenant.signIn(form, "contoso.onmicrosoft.com"));
  expect(claimsOf(token)).toMatchObject({ aud: "https://graph.microsoft.com", tid: tenant.seed.tenantId });
  expect((await tenant.graph("GET", "/v1.0/domains", undefined, token)).status).toBe(200);
});

test("a token without any application permission has no roles", async () => {
  const tenant = await startTestTenant();
  const { id, appId } = await createApplication(tenant);
  expect(id).not.toBe(appId);
  const token = await tokenOf(
    tenant.signIn({ ...deployerForm(tenant.seed), scope: "https://outlook.office365.com/.default" }),
  );
  expect(claimsOf(token)).not.toHaveProperty("roles");
});

interface Refused {
  readonly title: string;
  readonly tenant?: string;
  readonly form: Readonly<Record<string, string>>;
  readonly error: { readonly status: number; readonly error: string; readonly description: string };
}

test.each<Refused>([
  {
    title: "an unknown tenant",
    tenant: "11111111-1111-4111-8111-111111111111",
    form: {},
    error: {
      status: 400,
      error: "invalid_request",
      description:
        "AADSTS90002: Tenant '11111111-1111-4111-8111-111111111111' not found. Check to make sure you have the correct " +
        "tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen " +
        "if there are no active subscriptions for the tenant.",
    },
  },
  {
    title: "no client",
    form: { client_id: "" },
    error: {
      status: 400,
      error: "invalid_request",
      description: "AADSTS900144: The request body must contain the following parameter: 'client_id'.",
    },
  },
  {
    title: "an unknown client",
    form: { client_id: "22222222-2222-4222-8222-222222222222" },
    error: {
      status: 400,
      error: "unauthorized_client",
      description:
        "AADSTS700016: Application with identifier '22222222-2222-4222-8222-222222222222' was not found in the " +
        "directory 'Contoso'. This can happen if the application has not been installed by the administrator of the " +
        "tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong " +
        "tenant.",
    },
  },
  {
    title: "a wrong secret",
    form: { client_secret: "wrong" },
    error: {
      status: 401,
      error: "invalid_client",
      description:
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client " +
        "secret value, not the client secret ID, for a secret added to app '5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05'.",
    },
  },
  {
    title: "another grant",
    form: { grant_type: "password" },
    error: {
      status: 400,
      error: "unsupported_grant_type",
      description: "AADSTS70003: The app requested an unsupported grant type 'password'.",
    },
  },
  {
    title: "a scope without /.default",
    form: { scope: "https://graph.microsoft.com/Mail.Read" },
    error: {
      status: 400,
      error: "invalid_scope",
      description:
        "AADSTS1002012: The provided value for scope https://graph.microsoft.com/Mail.Read is not valid. Client " +
        "credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
    },
  },
  {
    title: "two resources",
    form: { scope: `${graphScope} https://outlook.office365.com/.default` },
    error: {
      status: 400,
      error: "invalid_scope",
      description:
        "AADSTS70011: The provided request must include a 'scope' input parameter. The provided value for the input " +
        "parameter 'scope' is not valid. The scope https://graph.microsoft.com/.default " +
        "https://outlook.office365.com/.default is not valid.",
    },
  },
  {
    title: "an unknown resource",
    form: { scope: "https://storage.azure.com/.default" },
    error: {
      status: 400,
      error: "invalid_resource",
      description:
        "AADSTS500011: The resource principal named https://storage.azure.com was not found in the tenant named Contoso. " +
        "This can happen if the application has not been installed by the administrator of the tenant or consented to " +
        "by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    },
  },
  {
    title: "an unknown parameter",
    form: { resource: "https://graph.microsoft.com" },
    error: {
      status: 400,
      error: "invalid_request",
      description:
        "AADSTS9002313: Invalid request. Request is malformed or invalid. The parameter 'resource' is not known.",
    },
  },
])("$title is refused", async ({ tenant: name, form, error }) => {
  const tenant = await startTestTenant();
  const answer = await tenant.signIn({ ...deployerForm(tenant.seed), scope: graphScope, ...form }, name);
  expect(refusal(answer)).toEqual(error);
});

test("a request without credential is refused", async () => {
  const tenant = await startTestTenant();
  const form = {
    client_id: tenant.seed.deployer.clientId,
    grant_type: "client_credentials",
    scope: graphScope,
  };
  expect(refusal(await tenant.signIn(form))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  });
});

test("a disabled service principal gets no token, and an enabled one does again", async () => {
  const tenant = await startTestTenant();
  const { id, appId, principalId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {
    passwordCredential: {},
  });
  const form = {
    client_id: appId,
    client_secret: textOf(secret.body.secretText),
    grant_type: "client_credentials",
    scope: graphScope,
  };
  expect((await tenant.signIn(form)).status).toBe(200);
  await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { accountEnabled: false });
  expect(refusal(await tenant.signIn(form))).toEqual({
    status: 400,
    error: "unauthorized_client",
    description: `AADSTS7000112: Application '${appId}'(Jobs) is disabled.`,
  });
  await tenant.graph("DELETE", `/v1.0/servicePrincipals/${principalId}`);
  expect(refusal(await tenant.signIn(form))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      `AADSTS7000229: The client application ${appId} is missing service principal in the tenant ` +
      `${tenant.seed.tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  });
});

test("a secret that has ended is refused", async () => {
  let now = startOfTest;
  const tenant = await startTestTenant({ now: () => now });
  const { id, appId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "for a day", endDateTime: "2026-11-24T08:00:00Z" },
  });
  const form = {
    client_id: appId,
    client_secret: textOf(secret.body.secretText),
    grant_type: "client_credentials",
    scope: graphScope,
  };
  expect((await tenant.signIn(form)).status).toBe(200);
  now = new Date("2026-11-24T08:00:00Z");
  expect(refusal(await tenant.signIn(form))).toEqual({
    status: 401,
    error: "invalid_client",
    description:
      `AADSTS7000222: The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create ` +
      "new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added " +
      "security: https://aka.ms/certCreds.",
  });
});

test("the OpenID configuration names endpoints that work, and the keys that tokens are signed with", async () => {
  const tenant = await startTestTenant();
  const { body } = await tenant.send("GET", `/${tenant.seed.tenantId}/v2.0/.well-known/openid-configuration`);
  expect(body).toMatchObject({
    issuer: `${tenant.server.url}/${tenant.seed.tenantId}/v2.0`,
    token_endpoint: `${tenant.server.url}/${tenant.seed.tenantId}/oauth2/v2.0/token`,
  });
  const keys = await tenant.send("GET", textOf(body.jwks_uri).slice(tenant.server.url.length));
  const [header = ""] = (await tenant.deployerToken()).split(".");
  const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  expect(keys.body).toEqual({
    keys: [{ kty: "RSA", use: "sig", kid, x5t: kid, n: expect.any(String), e: "AQAB" }],
  });
});

test("the metadata document is one object with every address on this server", async () => {
  const tenant = await startTestTenant();
  const { url } = tenant.server;
  expect((await tenant.send("GET", "/metadata/endpoints?api-version=2022-09-01")).body).toEqual({
    name: "Sandbox",
    portal: url,
    authentication: { loginEndpoint: url, audiences: [url], tenant: "common", identityProvider: "AAD" },
    graph: url,
    graphAudience: url,
    microsoftGraphResourceId: url,
    resourceManager: url,
    suffixes: {},
    exchangeOnline: url,
    securityAndCompliance: url,
    keyVault: url,
  });
  expect((await tenant.send("GET", "/metadata/endpoints?api-version=2015-01-01")).status).toBe(501);
});

/** The error without what differs from one request to the next. */
function refusal(answer: Answer): { status: number; error: unknown; description: string } {
  const description = textOf(answer.body.error_description);
  const [, number] = /^AADSTS(\d+): /.exec(description) ?? [];
  expect(answer.body.error_codes).toEqual([Number(number)]);
  expect(description).toMatch(
    / Trace ID: \S{36} Correlation ID: \S{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
  );
  return {
    status: answer.status,
    error: answer.body.error,
    description: description.replace(/ Trace ID: .*$/, ""),
  };
}
