import { expect, test } from "vitest";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const cloudApplicationAdministrator = "158c047a-c907-4556-b7ef-446551a6b5f7";
const unknownId = "99999999-9999-4999-8999-999999999999";

test("what a service principal owns is listed from its side", async () => {
  const tenant = await startTestTenant();
  const owner = await createApplication(tenant);
  const owned = await createApplication(tenant, { displayName: "Owned" });
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${owner.principalId}` };
  expect((await tenant.graph("POST", `/v1.0/applications/${owned.id}/owners/$ref`, reference)).status).toBe(
    204,
  );
  const path = `/v1.0/servicePrincipals/${owner.principalId}`;
  expect(itemsOf(await tenant.graph("GET", `${path}/ownedObjects?$select=id`))).toEqual([
    { "@odata.type": "#microsoft.graph.application", id: owned.id },
  ]);
});

test("$expand brings one relationship along, with the properties that it names", async () => {
  const { tenant, principalId, exchangeId } = await withConsent();
  const assignment = {
    appRoleId: manageAsApp,
    createdDateTime: "2026-11-23T08:00:00Z",
    deletedDateTime: null,
    id: expect.any(String),
    principalDisplayName: "Jobs",
    principalId,
    principalType: "ServicePrincipal",
    resourceDisplayName: "Office 365 Exchange Online",
    resourceId: exchangeId,
  };
  const filter = encodeURIComponent(`id eq '${principalId}'`);
  const listed = await tenant.graph(
    "GET",
    `/v1.0/servicePrincipals?$expand=appRoleAssignments&$select=id&$filter=${filter}`,
  );
  expect(itemsOf(listed)).toEqual([{ id: principalId, appRoleAssignments: [assignment] }]);
  const path = `/v1.0/servicePrincipals/${principalId}?$select=id`;
  const { body } = await tenant.graph(
    "GET",
    `${path}&$expand=appRoleAssignments($select=appRoleId,resourceId)`,
  );
  expect(body.appRoleAssignments).toEqual([{ appRoleId: manageAsApp, resourceId: exchangeId }]);
  const owned = await tenant.graph("GET", `${path}&$expand=owners($select=id)`);
  expect(owned.body.owners).toEqual([]);
});

test.each([
  [
    "appRoleAssignments,owners",
    400,
    "Request_UnsupportedQuery",
    "The query cannot expand more than one relationship.",
  ],
  [
    "color",
    400,
    "BadRequest",
    "Parsing OData Select and Expand failed: Could not find a property named 'color' on type 'microsoft.graph.servicePrincipal'.",
  ],
  [
    "appRoleAssignments($select=color)",
    400,
    "BadRequest",
    "Parsing OData Select and Expand failed: Could not find a property named 'color' on type 'microsoft.graph.appRoleAssignment'.",
  ],
  [
    "appRoleAssignments($top=1)",
    400,
    "Request_UnsupportedQuery",
    "The query option '$top' is not supported inside $expand of 'appRoleAssignments'.",
  ],
  [
    "owners($select=id;$filter=startswith(displayName,'x'))",
    400,
    "Request_UnsupportedQuery",
    "The query option '$filter' is not supported inside $expand of 'owners'.",
  ],
  [
    "owners($levels=max)",
    400,
    "Request_UnsupportedQuery",
    "The query option '$levels' is not supported inside $expand of 'owners'.",
  ],
  ["owners(color)", 400, "BadRequest", "Parsing OData Select and Expand failed: 'color' cannot be read."],
  ["", 400, "BadRequest", "Parsing OData Select and Expand failed: '' cannot be read."],
])("$expand=%s is refused", async (expand, status, code, message) => {
  const tenant = await startTestTenant();
  const answer = await tenant.graph("GET", `/v1.0/servicePrincipals?$expand=${encodeURIComponent(expand)}`);
  expect(errorOf(answer)).toEqual({ status, code, message });
});

test("twenty items of a relationship are expanded, and no link leads to more", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  for (let index = 0; index < 20; index += 1) {
    const owner = await createApplication(tenant, { displayName: `Owner ${index}` });
    await tenant.graph("POST", `/v1.0/applications/${id}/owners/$ref`, {
      "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${owner.principalId}`,
    });
  }
  const last = await createApplication(tenant, { displayName: "Owner 20" });
  await tenant.graph("POST", `/v1.0/applications/${id}/owners/$ref`, {
    "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${last.principalId}`,
  });
  const { body } = await tenant.graph("GET", `/v1.0/applications/${id}?$expand=owners($select=displayName)`);
  const owners = Array.isArray(body.owners) ? body.owners : [];
  expect(owners.map((owner: JsonObject) => owner.displayName)).toEqual(
    Array.from({ length: 20 }, (_value, index) => `Owner ${index}`),
  );
  expect(body["owners@odata.nextLink"]).toBe(undefined);
});

test("of what schedules roles any number of relationships is expanded, each one object", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]);
  const { id, principalId } = await createApplication(tenant);
  await tenant.graph("POST", "/v1.0/roleManagement/directory/roleAssignments", {
    principalId,
    roleDefinitionId: cloudApplicationAdministrator,
    directoryScopeId: `/${id}`,
  });
  const expand = "roleDefinition($select=displayName),principal($select=id),directoryScope($select=id)";
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  for (const list of ["roleAssignments", "roleAssignmentSchedules", "roleAssignmentScheduleInstances"]) {
    const answer = await tenant.graph(
      "GET",
      `/v1.0/roleManagement/directory/${list}?$filter=${filter}&$expand=${expand}`,
    );
    expect(itemsOf(answer)).toMatchObject([
      {
        roleDefinition: { displayName: "Cloud Application Administrator" },
        principal: { "@odata.type": "#microsoft.graph.servicePrincipal", id: principalId },
        directoryScope: { "@odata.type": "#microsoft.graph.application", id },
      },
    ]);
  }
});

test("a property that clients ask for alone is an answer of its own", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const exchange = `/v1.0/servicePrincipals(appId='${exchangeOnline}')`;
  const whole = await tenant.graph("GET", exchange);
  for (const name of ["appRoles", "oauth2PermissionScopes"]) {
    const { status, body } = await tenant.graph("GET", `${exchange}/${name}`);
    expect({ status, value: body.value }).toEqual({ status: 200, value: whole.body[name] });
  }
  expect((await tenant.graph("GET", `/v1.0/applications/${id}/appRoles`)).body.value).toEqual([]);
});

test("the fixed parts of a path are read in either case", async () => {
  const { tenant, principalId } = await withConsent();
  const path = `/v1.0/serviceprincipals/${principalId}`;
  expect((await tenant.graph("GET", `${path}/Owners`)).status).toBe(200);
  expect(itemsOf(await tenant.graph("GET", `${path}/AppRoleAssignments`))).toHaveLength(1);
});

test("the users among a group's members and owners are listed alone", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.All", "Group.ReadWrite.All", "User.Read.All"]);
  const { principalId } = await createApplication(tenant);
  const [user] = itemsOf(await tenant.graph("GET", "/v1.0/users?$select=id"));
  const group = await tenant.graph("POST", "/v1.0/groups", {
    displayName: "Operators",
    mailEnabled: false,
    mailNickname: "operators",
    securityEnabled: true,
  });
  const path = `/v1.0/groups/${textOf(group.body.id)}`;
  for (const relation of ["members", "owners"]) {
    for (const id of [textOf(user?.id), principalId]) {
      await tenant.graph("POST", `${path}/${relation}/$ref`, {
        "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${id}`,
      });
    }
    expect(itemsOf(await tenant.graph("GET", `${path}/${relation}?$select=id`))).toHaveLength(2);
    const users = await tenant.graph("GET", `${path}/${relation}/microsoft.graph.user?$select=id`);
    expect(itemsOf(users)).toEqual([{ id: user?.id }]);
  }
});

test("a path below myorganization is the same path", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const { body } = await tenant.graph("GET", `/v1.0/myorganization/applications/${id}?$select=displayName`);
  expect(body.displayName).toBe("Jobs");
  const listed = await tenant.graph("GET", "/beta/myorganization/servicePrincipals?$select=appId&$top=1");
  expect(itemsOf(listed)).toHaveLength(1);
  expect(textOf(listed.body["@odata.nextLink"])).toContain("/beta/myorganization/servicePrincipals?");
});

test("a policy of token lifetimes is on one application at most, and shows to whom it applies", async () => {
  const tenant = await withPermissions([
    "Application.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.ApplicationConfiguration",
  ]);
  const { id, appId } = await createApplication(tenant);
  const policies = "/v1.0/policies/tokenLifetimePolicies";
  const definition = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}'];
  const created = await tenant.graph("POST", policies, { definition, displayName: "A day" });
  const policyId = textOf(created.body.id);
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/policies/tokenLifetimePolicies/${policyId}` };
  const assigned = `/v1.0/applications/${id}/tokenLifetimePolicies`;
  expect((await tenant.graph("POST", `${assigned}/$ref`, reference)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", assigned)).map((policy) => policy.id)).toEqual([policyId]);
  expect(itemsOf(await tenant.graph("GET", `${policies}/${policyId}/appliesTo?$select=id,appId`))).toEqual([
    { "@odata.type": "#microsoft.graph.application", id, appId },
  ]);
  const [expanded] = itemsOf(await tenant.graph("GET", `${policies}?$expand=appliesTo($select=id)`));
  expect(expanded).toEqual({
    id: policyId,
    deletedDateTime: null,
    definition,
    description: null,
    displayName: "A day",
    isOrganizationDefault: false,
    appliesTo: [{ "@odata.type": "#microsoft.graph.application", id }],
  });
  const second = await tenant.graph("POST", policies, { definition, displayName: "Another" });
  const other = {
    "@odata.id": `${tenant.server.url}/v1.0/policies/tokenLifetimePolicies/${textOf(second.body.id)}`,
  };
  expect(errorOf(await tenant.graph("POST", `${assigned}/$ref`, other)).message).toBe(
    "Only one token lifetime policy can be assigned to an object.",
  );
  expect((await tenant.graph("DELETE", `${assigned}/${policyId}/$ref`)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", `${policies}/${policyId}/appliesTo`))).toEqual([]);
});

test.each([
  ["claimsMappingPolicies", "servicePrincipals", "claims mapping policy"],
  ["homeRealmDiscoveryPolicies", "servicePrincipals", "home realm discovery policy"],
  ["tokenIssuancePolicies", "applications", "token issuance policy"],
])(
  "one of the %s is on one of the %s at most, and shows to whom it applies",
  async (kind, holders, words) => {
    const tenant = await withPermissions([
      "Application.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.ApplicationConfiguration",
    ]);
    const { id, principalId } = await createApplication(tenant);
    const holder = holders === "applications" ? id : principalId;
    const path = `/v1.0/policies/${kind}`;
    const own = `/v1.0/${holders}/${holder}/${kind}`;
    const [first, second] = await Promise.all(
      ["First", "Second"].map(async (displayName) => {
        const { body } = await tenant.graph("POST", path, { definition: ["{}"], displayName });
        return textOf(body.id);
      }),
    );
    const assign = (policy = "") =>
      tenant.graph("POST", `${own}/$ref`, { "@odata.id": `${tenant.server.url}${path}/${policy}` });
    expect((await assign(first)).status).toBe(204);
    expect(errorOf(await assign(second)).message).toBe(`Only one ${words} can be assigned to an object.`);
    const ids = async (list: string) => itemsOf(await tenant.graph("GET", list)).map((one) => one.id);
    expect(await ids(own)).toEqual([first]);
    expect(await ids(`${path}/${first}/appliesTo?$select=id`)).toEqual([holder]);
    const { body } = await tenant.graph("GET", `/v1.0/${holders}/${holder}?$expand=${kind}($select=id)`);
    expect(body[kind]).toEqual([{ id: first }]);
    expect((await tenant.graph("DELETE", `${own}/${first}/$ref`)).status).toBe(204);
    expect(await ids(`${path}/${first}/appliesTo`)).toEqual([]);
  },
);

test("whom token lifetimes apply to is read without a right to write, which an application's own list takes", async () => {
  const readers = await withPermissions(["Application.Read.All", "Policy.Read.All"]);
  expect((await readers.graph("GET", "/v1.0/policies/tokenLifetimePolicies")).status).toBe(200);
  const appliesTo = `/v1.0/policies/tokenLifetimePolicies/${unknownId}/appliesTo`;
  expect((await readers.graph("GET", appliesTo)).status).toBe(404);
  const own = `/v1.0/applications/${unknownId}/tokenLifetimePolicies`;
  expect((await readers.graph("GET", own)).status).toBe(403);
  const policies = await withPermissions(["Policy.Read.All"]);
  expect((await policies.graph("GET", appliesTo)).status).toBe(403);
});

test("the last sign-in of an application and of what it signs in to is in beta's report", async () => {
  const tenant = await withPermissions(["AuditLog.Read.All"]);
  const path = "/beta/reports/servicePrincipalSignInActivities";
  const of = (appId: string) => `${path}?$filter=${encodeURIComponent(`appId eq '${appId}'`)}`;
  const { clientId } = defaultSeed.deployer;
  const [client] = itemsOf(await tenant.graph("GET", of(clientId)));
  const activity = {
    lastSignInDateTime: "2026-11-23T08:00:00Z",
    lastSignInRequestId: expect.any(String),
  };
  expect(client).toEqual({
    id: Buffer.from(clientId).toString("base64"),
    appId: clientId,
    applicationAuthenticationClientSignInActivity: activity,
    applicationAuthenticationResourceSignInActivity: null,
    delegatedClientSignInActivity: null,
    delegatedResourceSignInActivity: null,
    lastSignInActivity: activity,
  });
  const [graph] = itemsOf(await tenant.graph("GET", of("00000003-0000-0000-c000-000000000000")));
  expect(graph).toMatchObject({ applicationAuthenticationResourceSignInActivity: activity });
  expect(itemsOf(await tenant.graph("GET", of(unknownId)))).toEqual([]);
  expect((await tenant.graph("GET", `${path}/${textOf(client?.id)}`)).body.appId).toBe(clientId);
  expect(errorOf(await tenant.graph("GET", path.replace("beta", "v1.0"))).status).toBe(501);
});

test("a tenant without Entra ID P1 or P2 has no report of sign-ins", async () => {
  const tenant = await startTestTenant({
    seeds: [
      {
        ...defaultSeed,
        entraIdP2: false,
        deployer: { ...defaultSeed.deployer, permissions: ["AuditLog.Read.All"] },
      },
    ],
  });
  expect(errorOf(await tenant.graph("GET", "/beta/reports/servicePrincipalSignInActivities"))).toEqual({
    status: 403,
    code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    message: "Neither tenant is B2C or tenant doesn't have premium license",
  });
});

test("a federated credential with an expression shows it in beta, and signs nobody in", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const path = `applications/${id}/federatedIdentityCredentials`;
  const claimsMatchingExpression = {
    languageVersion: 1,
    value: "claims['sub'] matches 'repo:contoso/*'",
  };
  const credential = {
    name: "wide",
    issuer: "https://issuer.example",
    audiences: ["api://AzureADTokenExchange"],
  };
  const both = { ...credential, subject: "repo", claimsMatchingExpression };
  expect((await tenant.graph("POST", `/beta/${path}`, both)).status).toBe(400);
  expect(errorOf(await tenant.graph("POST", `/beta/${path}`, credential)).message).toBe(
    "A value is required for property 'subject' of resource 'FederatedIdentityCredential'.",
  );
  expect(
    errorOf(await tenant.graph("POST", `/v1.0/${path}`, { ...credential, claimsMatchingExpression })).message,
  ).toContain("The property 'claimsMatchingExpression' does not exist");
  const wide = { ...credential, claimsMatchingExpression };
  expect((await tenant.graph("POST", `/beta/${path}`, wide)).status).toBe(201);
  expect(itemsOf(await tenant.graph("GET", `/beta/${path}`))).toEqual([
    { ...wide, id: expect.any(String), description: null, subject: null },
  ]);
  expect(itemsOf(await tenant.graph("GET", `/v1.0/${path}`))).toEqual([
    { ...credential, id: expect.any(String), description: null, subject: null },
  ]);
});

async function withConsent(): Promise<{ tenant: TestTenant; principalId: string; exchangeId: string }> {
  const tenant = await startTestTenant();
  const { principalId } = await createApplication(tenant);
  const { body } = await tenant.graph("GET", `/v1.0/servicePrincipals(appId='${exchangeOnline}')?$select=id`);
  const exchangeId = textOf(body.id);
  await tenant.graph("POST", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`, {
    appRoleId: manageAsApp,
    principalId,
    resourceId: exchangeId,
  });
  return { tenant, principalId, exchangeId };
}

function withPermissions(permissions: readonly string[]): Promise<TestTenant> {
  return startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } }],
  });
}
