import { expect, test } from "vitest";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, tokenOf } from "./client.ts";

test("a deactivated application gets no token, on either name of it, until it is activated again", async () => {
  const tenant = await startTestTenant();
  const { id, appId, principalId } = await createApplication(tenant);
  const { body } = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const form = {
    client_id: appId,
    client_secret: textOf(body.secretText),
    grant_type: "client_credentials",
    scope: `${tenant.server.url}/.default`,
  };
  const token = await tokenOf(tenant.signIn(form));
  const states = async () => {
    const application = await tenant.graph("GET", `/v1.0/applications/${id}`);
    const principal = await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}`);
    return [application.body.isDisabled, principal.body.isDisabled];
  };
  expect(await states()).toEqual([null, null]);
  expect((await tenant.graph("PATCH", `/v1.0/applications/${id}`, { isDisabled: true })).status).toBe(204);
  expect(await states()).toEqual([true, true]);
  const refused = await tenant.signIn(form);
  expect({ status: refused.status, error: refused.body.error, codes: refused.body.error_codes }).toEqual({
    status: 400,
    error: "unauthorized_client",
    codes: [7000112],
  });
  expect(textOf(refused.body.error_description)).toContain(
    `AADSTS7000112: Application '${appId}'(Jobs) is disabled.`,
  );
  // What was issued before goes on: this caller has no rights, but is known.
  expect(errorOf(await tenant.graph("GET", "/v1.0/applications", undefined, token)).status).toBe(403);
  const disabled = await tenant.graph("GET", "/v1.0/applications?$filter=isDisabled eq true&$select=id");
  expect(itemsOf(disabled)).toEqual([{ id }]);
  expect((await tenant.graph("PATCH", `/v1.0/applications/${id}`, { isDisabled: false })).status).toBe(204);
  expect(await states()).toEqual([false, false]);
  expect((await tenant.signIn(form)).status).toBe(200);
});

test("a service principal is deactivated through its application only", async () => {
  const tenant = await startTestTenant();
  const { principalId } = await createApplication(tenant);
  const answer = await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { isDisabled: true });
  expect(errorOf(answer)).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "Property 'isDisabled' is read-only and cannot be set.",
  });
});

test("who has created an application and its service principal is known, and cannot be written", async () => {
  const tenant = await startTestTenant();
  const { id, principalId } = await createApplication(tenant);
  for (const path of [`applications/${id}`, `servicePrincipals/${principalId}`]) {
    const { body } = await tenant.graph("GET", `/v1.0/${path}`);
    expect(body.createdByAppId).toBe(defaultSeed.deployer.clientId);
    const changed = await tenant.graph("PATCH", `/v1.0/${path}`, { createdByAppId: principalId });
    expect(errorOf(changed).message).toBe("Property 'createdByAppId' is read-only and cannot be set.");
  }
});

test("what a person has made with the Azure CLI bears the CLI's id, as the deploying application does", async () => {
  const tenant = await startTestTenant();
  const path = `applications(appId='${defaultSeed.deployer.clientId}')`;
  const { body } = await tenant.graph("GET", `/v1.0/${path}?$select=createdByAppId`);
  expect(body.createdByAppId).toBe("04b07795-8ddb-461a-bbee-02f9e1bf7b46");
});

test("what an audit reads of an application can be written and comes back as it was written", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const written = {
    managerApplications: ["99999999-9999-4999-8999-999999999999"],
    authenticationBehaviors: {
      blockAzureADGraphAccess: true,
      removeUnverifiedEmailClaim: null,
      requireClientServicePrincipal: null,
    },
    isFallbackPublicClient: true,
    oauth2RequirePostResponse: true,
    nativeAuthenticationApisEnabled: "all",
    publicClient: { redirectUris: ["http://localhost"] },
    requestSignatureVerification: { allowedWeakAlgorithms: null, isSignedRequestRequired: true },
    spa: { redirectUris: ["https://spa.example"] },
    web: {
      homePageUrl: null,
      implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
      logoutUrl: null,
      redirectUris: ["https://web.example"],
      redirectUriSettings: [],
    },
  };
  expect((await tenant.graph("PATCH", `/v1.0/applications/${id}`, written)).status).toBe(204);
  const select = Object.keys(written).join(",");
  const { "@odata.context": _context, ...read } = (
    await tenant.graph("GET", `/v1.0/applications/${id}?$select=${select}`)
  ).body;
  expect(read).toEqual(written);
  const { body } = await tenant.graph("GET", `/v1.0/applications/${id}`);
  expect("authenticationBehaviors" in body).toBe(false);
});
