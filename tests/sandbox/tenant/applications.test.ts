import { expect, test } from "vitest";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";

test("a new application has Graph's defaults, and what its creator says", async () => {
  const tenant = await startTestTenant();
  const { status, body } = await tenant.graph("POST", "/v1.0/applications", {
    displayName: "Jobs",
    signInAudience: "AzureADMyOrg",
    requiredResourceAccess: [
      {
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        resourceAccess: [{ id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" }],
      },
    ],
    tags: ["HideApp"],
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    displayName: "Jobs",
    createdDateTime: "2026-11-23T08:00:00Z",
    createdByAppId: tenant.seed.deployer.clientId,
    deletedDateTime: null,
    publisherDomain: "contoso.com",
    signInAudience: "AzureADMyOrg",
    keyCredentials: [],
    passwordCredentials: [],
    identifierUris: [],
    tags: ["HideApp"],
    notes: null,
    web: { homePageUrl: null, redirectUris: [] },
  });
  expect(body.appId).not.toBe(body.id);
  const read = await tenant.graph("GET", `/v1.0/applications/${textOf(body.id)}`);
  expect(read.body).toEqual({ ...body, "@odata.context": read.body["@odata.context"] });
});

interface RefusedBody {
  readonly title: string;
  readonly body: JsonObject;
  readonly message: string;
}

test.each<RefusedBody>([
  {
    title: "a property that the type does not have",
    body: { displayName: "Jobs", color: "blue" },
    message:
      "The property 'color' does not exist on type 'microsoft.graph.application'. Make sure to only use property names " +
      "that are defined by the type.",
  },
  {
    title: "a nested property that the type does not have",
    body: { displayName: "Jobs", web: { color: "blue" } },
    message:
      "The property 'web/color' does not exist on type 'microsoft.graph.application'. Make sure to only use property " +
      "names that are defined by the type.",
  },
  {
    title: "no name",
    body: { notes: "n" },
    message: "A value is required for property 'displayName' of resource 'Application'.",
  },
  {
    title: "a name of null",
    body: { displayName: null },
    message: "Invalid value specified for property 'displayName' of resource 'Application'.",
  },
  {
    title: "a name of 257 characters",
    body: { displayName: "x".repeat(257) },
    message: "Invalid value specified for property 'displayName' of resource 'Application'.",
  },
  {
    title: "a name that is a number",
    body: { displayName: 7 },
    message: "Cannot convert the value of property 'displayName' to the expected type 'Edm.String'.",
  },
  {
    title: "an unknown audience",
    body: { displayName: "Jobs", signInAudience: "Everyone" },
    message: "Invalid value specified for property 'signInAudience' of resource 'Application'.",
  },
  {
    title: "a list that is none",
    body: { displayName: "Jobs", tags: "HideApp" },
    message: "Cannot convert the value of property 'tags' to the expected type 'Collection'.",
  },
  {
    title: "an id of one's own",
    body: { displayName: "Jobs", appId: unknownId },
    message: "Property 'appId' is read-only and cannot be set.",
  },
  {
    title: "another type",
    body: { "@odata.type": "#microsoft.graph.group", displayName: "Jobs" },
    message:
      "A type named '#microsoft.graph.group' could not be resolved by the model. When a model is available, each type " +
      "name must resolve to a valid type.",
  },
  {
    title: "an owner that is nobody",
    body: {
      displayName: "Jobs",
      "owners@odata.bind": ["https://graph.microsoft.com/v1.0/directoryObjects/x"],
    },
    message: "Invalid URL format specified in @odata.id for reference-property links.",
  },
])("an application with $title is refused", async ({ body, message }) => {
  const tenant = await startTestTenant();
  expect(errorOf(await tenant.graph("POST", "/v1.0/applications", body))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message,
  });
  expect(itemsOf(await tenant.graph("GET", "/v1.0/applications"))).toHaveLength(1);
});

test("a refused update changes nothing", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const before = await tenant.graph("GET", `/v1.0/applications/${id}`);
  const refused = await tenant.graph("PATCH", `/v1.0/applications/${id}`, { displayName: "Other", notes: 7 });
  expect(refused.status).toBe(400);
  expect((await tenant.graph("GET", `/v1.0/applications/${id}`)).body).toEqual(before.body);
});

test("an update sets what it names, and its service principal takes the new name", async () => {
  const tenant = await startTestTenant();
  const { id, appId, principalId } = await createApplication(tenant, { notes: "before" });
  const written = await tenant.graph("PATCH", `/v1.0/applications/${id}`, {
    displayName: "Other",
    description: "d",
    id,
  });
  expect(written.status).toBe(204);
  expect((await tenant.graph("GET", `/v1.0/applications/${id}`)).body).toMatchObject({
    appId,
    displayName: "Other",
    description: "d",
    notes: "before",
  });
  expect((await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}`)).body).toMatchObject({
    displayName: "Other",
    appDisplayName: "Other",
    appDescription: "d",
    appOwnerOrganizationId: tenant.seed.tenantId,
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
  });
});

test("what is not there is not found, and what is no id is no id", async () => {
  const tenant = await startTestTenant();
  for (const method of ["GET", "DELETE"]) {
    expect(errorOf(await tenant.graph(method, `/v1.0/applications/${unknownId}`))).toEqual({
      status: 404,
      code: "Request_ResourceNotFound",
      message: `Resource '${unknownId}' does not exist or one of its queried reference-property objects are not present.`,
    });
  }
  expect(errorOf(await tenant.graph("GET", "/v1.0/applications/jobs"))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid object identifier 'jobs'.",
  });
});

test("applications and service principals are found by application ID too", async () => {
  const tenant = await startTestTenant();
  const { id, appId, principalId } = await createApplication(tenant);
  expect((await tenant.graph("GET", `/v1.0/applications(appId='${appId}')`)).body.id).toBe(id);
  expect((await tenant.graph("GET", `/v1.0/applications(appId=%27${appId}%27)`)).body.id).toBe(id);
  expect((await tenant.graph("GET", `/v1.0/servicePrincipals(appId='${appId}')`)).body.id).toBe(principalId);
  expect((await tenant.graph("PATCH", `/v1.0/applications(appId='${appId}')`, { notes: "n" })).status).toBe(
    204,
  );
  expect((await tenant.graph("GET", `/v1.0/applications(appId='${unknownId}')`)).status).toBe(404);
});

test("owners are added, listed and removed, each once", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const [user] = itemsOf(await tenant.graph("GET", "/v1.0/users", undefined, await readerToken(tenant)));
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${textOf(user?.id)}` };
  expect((await tenant.graph("POST", `/v1.0/applications/${id}/owners/$ref`, reference)).status).toBe(204);
  expect(errorOf(await tenant.graph("POST", `/v1.0/applications/${id}/owners/$ref`, reference))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message:
      "One or more added object references already exist for the following modified properties: 'owners'.",
  });
  expect(
    itemsOf(await tenant.graph("GET", `/v1.0/applications/${id}/owners?$select=id,displayName`)),
  ).toEqual([{ "@odata.type": "#microsoft.graph.user", id: user?.id, displayName: "Adele Admin" }]);
  const removal = `/v1.0/applications/${id}/owners/${textOf(user?.id)}/$ref`;
  expect((await tenant.graph("DELETE", removal)).status).toBe(204);
  expect((await tenant.graph("DELETE", removal)).status).toBe(404);
  expect(itemsOf(await tenant.graph("GET", `/v1.0/applications/${id}/owners`))).toEqual([]);
});

test("a service principal needs an application that lets it in, and comes once", async () => {
  const tenant = await startTestTenant();
  const { appId } = await createApplication(tenant);
  expect(errorOf(await tenant.graph("POST", "/v1.0/servicePrincipals", { appId }))).toEqual({
    status: 409,
    code: "Request_MultipleObjectsWithSameKeyValue",
    message:
      "The service principal cannot be created, updated, or restored because the service principal name " +
      `${appId} is already in use.`,
  });
  expect(errorOf(await tenant.graph("POST", "/v1.0/servicePrincipals", { appId: unknownId }))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: `The appId '${unknownId}' of the service principal does not reference a valid application object.`,
  });
});

test("an application of several tenants signs in where it has a service principal", async () => {
  const seeds = ["contoso", "fabrikam"].map((name, index) => ({
    tenantId: `0000000${index}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`,
    initialDomain: `${name}.onmicrosoft.com`,
    deployer: { clientId: `0000000${index}-bbbb-4bbb-8bbb-bbbbbbbbbbbb`, clientSecret: "s" },
  }));
  const tenant = await startTestTenant({ seeds });
  const { id, appId } = await createApplication(tenant, { signInAudience: "AzureADMultipleOrgs" });
  const closed = await createApplication(tenant, { signInAudience: "AzureADMyOrg" });
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const signIn = () =>
    tenant.signIn(
      {
        client_id: appId,
        client_secret: textOf(secret.body.secretText),
        grant_type: "client_credentials",
        scope: "https://graph.microsoft.com/.default",
      },
      "fabrikam.onmicrosoft.com",
    );
  expect((await signIn()).status).toBe(400);
  const form = {
    client_id: seeds[1]?.deployer.clientId ?? "",
    client_secret: "s",
    grant_type: "client_credentials",
  };
  const other = await tenant.signIn(
    { ...form, scope: `${tenant.server.url}/.default` },
    "fabrikam.onmicrosoft.com",
  );
  const token = textOf(other.body.access_token);
  expect((await tenant.graph("POST", "/v1.0/servicePrincipals", { appId }, token)).status).toBe(201);
  expect((await signIn()).status).toBe(200);
  expect(
    errorOf(await tenant.graph("POST", "/v1.0/servicePrincipals", { appId: closed.appId }, token)),
  ).toEqual({
    status: 403,
    code: "Authorization_RequestDenied",
    message:
      "When using this permission, the backing application of the service principal being created must in the local tenant",
  });
  expect(itemsOf(await tenant.graph("GET", "/v1.0/applications", undefined, token))).toHaveLength(1);
});

/** A token of an application that may read users. */
async function readerToken(tenant: TestTenant): Promise<string> {
  const { id, appId, principalId } = await createApplication(tenant);
  const graph = itemsOf(await tenant.graph("GET", "/v1.0/servicePrincipals")).find(
    (principal) => principal.displayName === "Microsoft Graph",
  );
  await tenant.graph("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, {
    principalId,
    resourceId: graph?.id ?? null,
    appRoleId: "df021288-bdef-4463-88db-98f22de89214",
  });
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const answer = await tenant.signIn({
    client_id: appId,
    client_secret: textOf(secret.body.secretText),
    grant_type: "client_credentials",
    scope: `${tenant.server.url}/.default`,
  });
  return textOf(answer.body.access_token);
}
