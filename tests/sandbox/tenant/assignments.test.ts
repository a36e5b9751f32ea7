import { expect, test } from "vitest";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const helpdeskAdministrator = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const unknownId = "99999999-9999-4999-8999-999999999999";
const roleAssignments = "/v1.0/roleManagement/directory/roleAssignments";

test("consent is seen from both sides, with the names of both", async () => {
  const { tenant, principalId, exchangeId } = await prepare();
  const created = await tenant.graph("POST", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`, {
    appRoleId: manageAsApp,
    principalId,
    resourceId: exchangeId,
  });
  expect(created.status).toBe(201);
  const { "@odata.context": _context, id, ...shown } = created.body;
  expect(shown).toEqual({
    deletedDateTime: null,
    appRoleId: manageAsApp,
    createdDateTime: "2026-11-23T08:00:00Z",
    principalDisplayName: "Jobs",
    principalId,
    principalType: "ServicePrincipal",
    resourceDisplayName: "Office 365 Exchange Online",
    resourceId: exchangeId,
  });
  for (const path of [`${exchangeId}/appRoleAssignedTo`, `${principalId}/appRoleAssignments`]) {
    expect(itemsOf(await tenant.graph("GET", `/v1.0/servicePrincipals/${path}`))).toEqual([{ id, ...shown }]);
    const one = await tenant.graph("GET", `/v1.0/servicePrincipals/${path}/${textOf(id)}`);
    expect(one.body).toMatchObject({ id, ...shown });
  }
  const path = `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo/${textOf(id)}`;
  expect((await tenant.graph("DELETE", path)).status).toBe(204);
  expect((await tenant.graph("GET", path)).status).toBe(404);
  expect((await tenant.graph("DELETE", path)).status).toBe(404);
});

test.each<{ title: string; change: JsonObject; status: number; code: string; message: string }>([
  {
    title: "an app role that the resource does not offer",
    change: { appRoleId: unknownId },
    status: 400,
    code: "Request_BadRequest",
    message: "Permission being assigned was not found on application",
  },
  {
    title: "a principal that is not there",
    change: { principalId: unknownId },
    status: 404,
    code: "Request_ResourceNotFound",
    message: `Resource '${unknownId}' does not exist or one of its queried reference-property objects are not present.`,
  },
  {
    title: "another resource than the path's",
    change: { resourceId: unknownId },
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid value specified for property 'resourceId' of resource 'AppRoleAssignment'.",
  },
  {
    title: "an app role ID that is no GUID",
    change: { appRoleId: "Exchange.ManageAsApp" },
    status: 400,
    code: "Request_BadRequest",
    message: "Cannot convert the value of property 'appRoleId' to the expected type 'Edm.Guid'.",
  },
])("consent to $title is refused", async ({ change, status, code, message }) => {
  const { tenant, principalId, exchangeId } = await prepare();
  const body = { appRoleId: manageAsApp, principalId, resourceId: exchangeId, ...change };
  const answer = await tenant.graph("POST", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`, body);
  expect(errorOf(answer)).toEqual({ status, code, message });
});

test("the same consent twice is refused", async () => {
  const { tenant, principalId, exchangeId } = await prepare();
  const consent = () =>
    tenant.graph("POST", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`, {
      appRoleId: manageAsApp,
      principalId,
      resourceId: exchangeId,
    });
  expect((await consent()).status).toBe(201);
  expect(errorOf(await consent())).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "Permission being assigned already exists on the object",
  });
});

test("a directory role is assigned once, under an id that says what it is", async () => {
  const { tenant, principalId } = await prepare();
  const body = { principalId, roleDefinitionId: exchangeAdministrator, directoryScopeId: "/" };
  const created = await tenant.graph("POST", roleAssignments, body);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    ...body,
    principalOrganizationId: tenant.seed.tenantId,
    appScopeId: null,
  });
  expect(created.body.id).toMatch(/^[\w-]{43}-1$/);
  expect((await tenant.graph("GET", `${roleAssignments}/${textOf(created.body.id)}`)).body).toMatchObject(
    body,
  );
  expect(errorOf(await tenant.graph("POST", roleAssignments, body))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message:
      "A conflicting object with one or more of the specified property values is present in the directory.",
  });
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  expect(itemsOf(await tenant.graph("GET", `${roleAssignments}?$filter=${filter}`))).toHaveLength(1);
  expect(
    itemsOf(
      await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}/memberOf?$select=roleTemplateId`),
    ),
  ).toEqual([{ "@odata.type": "#microsoft.graph.directoryRole", roleTemplateId: exchangeAdministrator }]);
  expect((await tenant.graph("DELETE", `${roleAssignments}/${textOf(created.body.id)}`)).status).toBe(204);
  expect((await tenant.graph("GET", `${roleAssignments}/${textOf(created.body.id)}`)).status).toBe(404);
});

test.each<{ title: string; change: JsonObject; status: number; message: string }>([
  {
    title: "a role that does not exist",
    change: { roleDefinitionId: unknownId },
    status: 404,
    message: `Resource '${unknownId}' does not exist or one of its queried reference-property objects are not present.`,
  },
  {
    title: "a principal that is not there",
    change: { principalId: unknownId },
    status: 404,
    message: `Resource '${unknownId}' does not exist or one of its queried reference-property objects are not present.`,
  },
  {
    title: "no scope",
    change: { directoryScopeId: "" },
    status: 400,
    message: "Must specify valid property scope of entity RoleAssignment.",
  },
  {
    title: "an administrative unit that is not there",
    change: {
      roleDefinitionId: helpdeskAdministrator,
      directoryScopeId: `/administrativeUnits/${unknownId}`,
    },
    status: 404,
    message: `Resource '${unknownId}' does not exist or one of its queried reference-property objects are not present.`,
  },
])("a role assignment with $title is refused", async ({ change, status, message }) => {
  const { tenant, principalId } = await prepare();
  const body = { principalId, roleDefinitionId: exchangeAdministrator, directoryScopeId: "/", ...change };
  expect(errorOf(await tenant.graph("POST", roleAssignments, body))).toMatchObject({ status, message });
});

test("only some roles go over an administrative unit, and they go with it", async () => {
  const { tenant, principalId } = await prepare(["AdministrativeUnit.ReadWrite.All"]);
  const unit = await tenant.graph("POST", "/v1.0/directory/administrativeUnits", { displayName: "Region A" });
  const unitId = textOf(unit.body.id);
  const assign = (roleDefinitionId: string) =>
    tenant.graph("POST", roleAssignments, {
      principalId,
      roleDefinitionId,
      directoryScopeId: `/administrativeUnits/${unitId}`,
    });
  expect(errorOf(await assign(exchangeAdministrator))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "Must specify valid property scope of entity RoleAssignment.",
  });
  const assigned = await assign(helpdeskAdministrator);
  expect(assigned.status).toBe(201);
  expect((await tenant.graph("DELETE", `/beta/administrativeUnits/${unitId}`)).status).toBe(204);
  expect((await tenant.graph("GET", `${roleAssignments}/${textOf(assigned.body.id)}`)).status).toBe(404);
});

test("every built-in role has its template and its definition under one id", async () => {
  const { tenant } = await prepare();
  const templates = itemsOf(await tenant.graph("GET", "/v1.0/directoryRoleTemplates"));
  expect(templates).toHaveLength(121);
  const filter = encodeURIComponent("displayName eq 'Exchange Administrator'");
  const [definition] = itemsOf(
    await tenant.graph("GET", `/v1.0/roleManagement/directory/roleDefinitions?$filter=${filter}`),
  );
  expect(definition).toMatchObject({
    id: exchangeAdministrator,
    templateId: exchangeAdministrator,
    isBuiltIn: true,
  });
});

test("a deleted application takes its service principal with it, and brings it back", async () => {
  const { tenant, id, appId, principalId, exchangeId } = await prepare();
  await tenant.graph("POST", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`, {
    appRoleId: manageAsApp,
    principalId,
    resourceId: exchangeId,
  });
  await tenant.graph("POST", roleAssignments, {
    principalId,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
  });
  expect((await tenant.graph("DELETE", `/v1.0/applications/${id}`)).status).toBe(204);
  expect((await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}`)).status).toBe(404);
  expect(
    itemsOf(await tenant.graph("GET", `/v1.0/servicePrincipals/${exchangeId}/appRoleAssignedTo`)),
  ).toEqual([]);
  const deleted = "/v1.0/directory/deletedItems";
  expect(
    itemsOf(await tenant.graph("GET", `${deleted}/microsoft.graph.application?$select=id,deletedDateTime`)),
  ).toEqual([{ id, deletedDateTime: "2026-11-23T08:00:00Z" }]);
  expect(errorOf(await tenant.graph("POST", `${deleted}/${principalId}/restore`)).status).toBe(400);
  const restored = await tenant.graph("POST", `${deleted}/${id}/restore`);
  expect({
    status: restored.status,
    appId: restored.body.appId,
    deleted: restored.body.deletedDateTime,
  }).toEqual({
    status: 200,
    appId,
    deleted: null,
  });
  expect((await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}`)).status).toBe(200);
  expect(
    itemsOf(await tenant.graph("GET", roleAssignments)).filter((item) => item.principalId === principalId),
  ).toEqual([]);
});

test("what is deleted for good, or for thirty days, is gone", async () => {
  const { tenant, id } = await prepare();
  const other = await createApplication(tenant);
  for (const application of [id, other.id]) await tenant.graph("DELETE", `/v1.0/applications/${application}`);
  const deleted = "/v1.0/directory/deletedItems";
  expect((await tenant.graph("DELETE", `${deleted}/${id}`)).status).toBe(204);
  expect((await tenant.graph("GET", `${deleted}/${id}`)).status).toBe(404);
  tenant.server.clock.set(new Date("2026-12-23T07:59:59Z"));
  const token = textOf((await tenant.signIn(await deployerForm(tenant))).body.access_token);
  expect((await tenant.graph("GET", `${deleted}/${other.id}`, undefined, token)).status).toBe(200);
  tenant.server.clock.set(new Date("2026-12-23T08:00:01Z"));
  expect((await tenant.graph("GET", `${deleted}/${other.id}`, undefined, token)).status).toBe(404);
});

interface Prepared {
  readonly tenant: TestTenant;
  readonly id: string;
  readonly appId: string;
  readonly principalId: string;
  readonly exchangeId: string;
}

async function prepare(morePermissions: readonly string[] = []): Promise<Prepared> {
  const tenant = await startTestTenant({
    seeds: [
      {
        tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
        initialDomain: "contoso.onmicrosoft.com",
        deployer: {
          clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
          clientSecret: "s",
          permissions: [
            "Application.ReadWrite.All",
            "AppRoleAssignment.ReadWrite.All",
            "RoleManagement.ReadWrite.Directory",
            ...morePermissions,
          ],
        },
      },
    ],
  });
  const filter = encodeURIComponent("appId eq '00000002-0000-0ff1-ce00-000000000000'");
  const [exchange] = itemsOf(await tenant.graph("GET", `/v1.0/servicePrincipals?$filter=${filter}`));
  return { tenant, ...(await createApplication(tenant)), exchangeId: textOf(exchange?.id) };
}

async function deployerForm(tenant: TestTenant): Promise<Record<string, string>> {
  return {
    client_id: tenant.seed.deployer.clientId,
    client_secret: tenant.seed.deployer.clientSecret,
    grant_type: "client_credentials",
    scope: `${tenant.server.url}/.default`,
  };
}
