import { expect, test } from "vitest";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const eligibility = "/v1.0/roleManagement/directory/roleEligibility";

test("users are found by id, by name and by filter, with the properties that Graph answers unasked", async () => {
  const tenant = await withEverything();
  const filter = encodeURIComponent("userPrincipalName eq 'REPORTS@contoso.com'");
  const [user] = itemsOf(await tenant.graph("GET", `/v1.0/users?$filter=${filter}`));
  expect(user).toEqual({
    businessPhones: [],
    displayName: "Reports",
    givenName: null,
    id: expect.any(String),
    jobTitle: null,
    mail: "reports@contoso.com",
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    userPrincipalName: "reports@contoso.com",
  });
  const byName = await tenant.graph("GET", "/v1.0/users/reports@contoso.com?$select=id,accountEnabled");
  expect(byName.body).toMatchObject({ id: user?.id, accountEnabled: true });
  expect((await tenant.graph("GET", `/v1.0/users/${textOf(user?.id)}/manager`)).status).toBe(404);
});

test("users are created in the tenant's domains, once, changed and deleted", async () => {
  const tenant = await withEverything();
  const body = {
    accountEnabled: true,
    displayName: "New",
    mailNickname: "new",
    userPrincipalName: "new@contoso.com",
    passwordProfile: { password: "a-long-password-1" },
  };
  const created = await tenant.graph("POST", "/v1.0/users", body);
  expect(created.status).toBe(201);
  expect(created.text).not.toContain("a-long-password-1");
  expect(errorOf(await tenant.graph("POST", "/v1.0/users", body)).message).toBe(
    "A conflicting object with one or more of the specified property values is present in the directory.",
  );
  expect(
    errorOf(await tenant.graph("POST", "/v1.0/users", { ...body, userPrincipalName: "new@example.com" }))
      .message,
  ).toBe(
    "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
  );
  const path = `/v1.0/users/${textOf(created.body.id)}`;
  expect((await tenant.graph("PATCH", path, { jobTitle: "Reader" })).status).toBe(204);
  expect((await tenant.graph("GET", `${path}?$select=jobTitle`)).body.jobTitle).toBe("Reader");
  expect((await tenant.graph("DELETE", path)).status).toBe(204);
  expect((await tenant.graph("GET", path)).status).toBe(404);
});

test("a directory role has its members, and a member its roles and administrative units", async () => {
  const tenant = await withEverything();
  const roles = itemsOf(await tenant.graph("GET", "/v1.0/directoryRoles"));
  expect(roles.map((role) => role.displayName)).toEqual(["Global Administrator"]);
  const members = itemsOf(
    await tenant.graph("GET", `/v1.0/directoryRoles/${textOf(roles[0]?.id)}/members?$select=displayName`),
  );
  expect(members).toEqual([{ "@odata.type": "#microsoft.graph.user", displayName: "Adele Admin" }]);
  const activated = await tenant.graph("POST", "/v1.0/directoryRoles", { roleTemplateId: globalReader });
  expect(activated.status).toBe(201);
  expect((await tenant.graph("POST", "/v1.0/directoryRoles", { roleTemplateId: globalReader })).status).toBe(
    400,
  );
  const unit = await tenant.graph("POST", "/v1.0/directory/administrativeUnits", {
    displayName: "Region A",
    visibility: "Public",
  });
  const [admin] = itemsOf(await tenant.graph("GET", "/v1.0/users"));
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/users/${textOf(admin?.id)}` };
  const unitPath = `/v1.0/directory/administrativeUnits/${textOf(unit.body.id)}/members`;
  expect((await tenant.graph("POST", `${unitPath}/$ref`, reference)).status).toBe(204);
  expect((await tenant.graph("POST", `${unitPath}/$ref`, reference)).status).toBe(400);
  const memberOf = itemsOf(await tenant.graph("GET", `/v1.0/users/${textOf(admin?.id)}/memberOf`));
  expect(memberOf.map((item) => item.displayName)).toEqual(["Global Administrator", "Region A"]);
  expect((await tenant.graph("DELETE", `${unitPath}/${textOf(admin?.id)}/$ref`)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", unitPath))).toEqual([]);
});

test("users become eligible for a role, for a time, and no longer", async () => {
  const tenant = await withEverything();
  const [, reports] = itemsOf(await tenant.graph("GET", "/v1.0/users"));
  const request = (action: string, more = {}) =>
    tenant.graph("POST", `${eligibility}ScheduleRequests`, {
      action,
      principalId: reports?.id ?? null,
      roleDefinitionId: globalReader,
      directoryScopeId: "/",
      justification: "reports",
      ...more,
    });
  const scheduleInfo = {
    startDateTime: "2026-11-23T08:00:00Z",
    expiration: { type: "afterDuration", duration: "P30D" },
  };
  const assigned = await request("adminAssign", { scheduleInfo });
  expect(assigned.status).toBe(201);
  expect(assigned.body).toMatchObject({
    status: "Provisioned",
    principalId: reports?.id,
    roleDefinitionId: globalReader,
  });
  expect(
    (await tenant.graph("GET", `${eligibility}ScheduleRequests/${textOf(assigned.body.id)}`)).status,
  ).toBe(200);
  expect(errorOf(await request("adminAssign")).code).toBe("RoleAssignmentExists");
  const filter = encodeURIComponent(`principalId eq '${textOf(reports?.id)}'`);
  expect(itemsOf(await tenant.graph("GET", `${eligibility}Schedules?$filter=${filter}`))).toHaveLength(1);
  expect(itemsOf(await tenant.graph("GET", `${eligibility}ScheduleInstances`))).toMatchObject([
    { startDateTime: "2026-11-23T08:00:00Z", endDateTime: "2026-12-23T08:00:00Z" },
  ]);
  expect((await request("adminRemove")).status).toBe(201);
  expect(errorOf(await request("adminRemove")).code).toBe("RoleAssignmentDoesNotExist");
  expect(itemsOf(await tenant.graph("GET", `${eligibility}Schedules`))).toEqual([]);
});

test("a service principal is never eligible", async () => {
  const tenant = await withEverything();
  const { principalId } = await createApplication(tenant);
  const body = { action: "adminAssign", principalId, roleDefinitionId: globalReader, directoryScopeId: "/" };
  expect((await tenant.graph("POST", `${eligibility}ScheduleRequests`, body)).status).toBe(400);
});

test("delegated grants are seen on the service principal that holds them", async () => {
  const tenant = await withEverything();
  const { principalId } = await createApplication(tenant);
  const graph = itemsOf(await tenant.graph("GET", "/v1.0/servicePrincipals")).find(
    (item) => item.displayName === "Microsoft Graph",
  );
  const grant = {
    clientId: principalId,
    consentType: "AllPrincipals",
    resourceId: graph?.id ?? null,
    scope: "User.Read",
  };
  const created = await tenant.graph("POST", "/v1.0/oauth2PermissionGrants", grant);
  expect(created.status).toBe(201);
  expect((await tenant.graph("POST", "/v1.0/oauth2PermissionGrants", grant)).status).toBe(400);
  expect(
    (await tenant.graph("POST", "/v1.0/oauth2PermissionGrants", { ...grant, consentType: "Principal" }))
      .status,
  ).toBe(400);
  const path = `/v1.0/oauth2PermissionGrants/${textOf(created.body.id)}`;
  expect((await tenant.graph("PATCH", path, { scope: "User.Read Mail.Read" })).status).toBe(204);
  expect(
    itemsOf(await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}/oauth2PermissionGrants`)),
  ).toEqual([{ ...grant, id: created.body.id, principalId: null, scope: "User.Read Mail.Read" }]);
  expect((await tenant.graph("DELETE", path)).status).toBe(204);
});

test("the organization names its domains and licences", async () => {
  const tenant = await withEverything();
  const [organization] = itemsOf(await tenant.graph("GET", "/v1.0/organization"));
  expect(organization).toMatchObject({
    id: tenant.seed.tenantId,
    displayName: "Contoso",
    verifiedDomains: [
      { name: "contoso.onmicrosoft.com", isInitial: true, isDefault: false },
      { name: "contoso.com", isInitial: false, isDefault: true },
    ],
  });
  expect(itemsOf(await tenant.graph("GET", "/v1.0/subscribedSkus"))).toMatchObject([
    { skuPartNumber: "ENTERPRISEPACK" },
  ]);
  expect((await tenant.graph("GET", "/v1.0/domains/contoso.com")).body).toMatchObject({
    id: "contoso.com",
    isDefault: true,
  });
  expect((await tenant.graph("GET", "/v1.0/domains/example.com")).status).toBe(404);
  const [user] = itemsOf(await tenant.graph("GET", "/v1.0/users"));
  expect((await tenant.graph("GET", `/v1.0/directoryObjects/${textOf(user?.id)}`)).body).toMatchObject({
    "@odata.type": "#microsoft.graph.user",
    displayName: "Adele Admin",
  });
});

test.each([
  ["contoso.onmicrosoft.us", "https://graph.microsoft.us"],
  ["contoso.partner.onmschina.cn", "https://microsoftgraph.chinacloudapi.cn"],
])("a tenant in %s takes its own cloud's Graph for a resource", async (initialDomain, graph) => {
  const tenant = await withEverything(initialDomain);
  const [domain] = itemsOf(await tenant.graph("GET", "/v1.0/domains"));
  expect(domain).toMatchObject({ id: initialDomain, isInitial: true });
  const form = {
    client_id: tenant.seed.deployer.clientId,
    client_secret: "s",
    grant_type: "client_credentials",
  };
  const answer = await tenant.signIn({ ...form, scope: `${graph}/.default` }, initialDomain);
  expect(
    (await tenant.graph("GET", "/v1.0/domains", undefined, textOf(answer.body.access_token))).status,
  ).toBe(200);
  expect((await tenant.signIn({ ...form, scope: "https://graph.microsoft.com/.default" })).body.error).toBe(
    "invalid_resource",
  );
});

function withEverything(initialDomain = "contoso.onmicrosoft.com"): Promise<TestTenant> {
  return startTestTenant({
    seeds: [
      {
        tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
        initialDomain,
        displayName: "Contoso",
        domains: ["contoso.com"],
        users: [
          {
            userPrincipalName: `admin@${initialDomain}`,
            displayName: "Adele Admin",
            roles: ["Global Administrator"],
          },
          { userPrincipalName: "reports@contoso.com", displayName: "Reports" },
        ],
        deployer: {
          clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
          clientSecret: "s",
          permissions: [
            "AdministrativeUnit.ReadWrite.All",
            "Application.ReadWrite.All",
            "DelegatedPermissionGrant.ReadWrite.All",
            "Directory.Read.All",
            "RoleManagement.ReadWrite.Directory",
            "User.ReadWrite.All",
          ],
        },
      },
    ],
  });
}
