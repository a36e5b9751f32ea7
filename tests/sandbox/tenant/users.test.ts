import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";

test("a user gets a manager, another one, and none, as CLI for Microsoft 365 and CIPP do it", async () => {
  const { tenant, ids, url } = await withUsers();
  const path = `/v1.0/users/${ids.user}/manager`;
  const missing = {
    status: 404,
    code: "Request_ResourceNotFound",
    message:
      "Resource 'manager' does not exist or one of its queried reference-property objects are not present.",
  };
  expect(errorOf(await tenant.graph("GET", path))).toEqual(missing);
  expect(errorOf(await tenant.graph("DELETE", `${path}/$ref`))).toEqual(missing);
  const byName = { "@odata.id": `${url}/v1.0/users/Manager@Contoso.onmicrosoft.com` };
  expect((await tenant.graph("PUT", `${path}/$ref`, byName)).status).toBe(204);
  const { status, body } = await tenant.graph("GET", `${path}?$select=id,displayName`);
  expect([status, body]).toEqual([
    200,
    {
      "@odata.context": `${url}/v1.0/$metadata#directoryObjects/$entity`,
      "@odata.type": "#microsoft.graph.user",
      id: ids.manager,
      displayName: "manager",
    },
  ]);
  const expanded = await tenant.graph(
    "GET",
    `/v1.0/users/${ids.user}?$select=id&$expand=manager($select=id,userPrincipalName)`,
  );
  expect(expanded.body).toMatchObject({
    id: ids.user,
    manager: {
      "@odata.type": "#microsoft.graph.user",
      id: ids.manager,
      userPrincipalName: "manager@contoso.onmicrosoft.com",
    },
  });
  const batch = await tenant.graph("POST", "/v1.0/$batch", {
    requests: [
      {
        id: "0",
        method: "PUT",
        url: `users/user@contoso.onmicrosoft.com/manager/$ref`,
        headers: { "Content-Type": "application/json" },
        body: { "@odata.id": `${url}/beta/users/${ids.other}` },
      },
    ],
  });
  expect(batch.body.responses).toMatchObject([{ id: "0", status: 204 }]);
  expect((await tenant.graph("GET", path)).body.id).toBe(ids.other);
  expect((await tenant.graph("DELETE", `${path}/$ref`)).status).toBe(204);
  expect(errorOf(await tenant.graph("GET", path))).toEqual(missing);
  const nobody = await tenant.graph("GET", `/v1.0/users/${ids.user}?$select=id&$expand=manager`);
  expect(nobody.body).toMatchObject({ id: ids.user, manager: null });
});

test("a manager is a user who is there, until the user is deleted", async () => {
  const { tenant, ids, url } = await withUsers();
  const path = `/v1.0/users/${ids.user}/manager`;
  const { principalId } = await createApplication(tenant);
  const assign = async (reference: string) =>
    errorOf(await tenant.graph("PUT", `${path}/$ref`, { "@odata.id": `${url}/v1.0/${reference}` }));
  expect(await assign(`directoryObjects/${principalId}`)).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message:
      "The reference target 'servicePrincipal' of type 'servicePrincipal' is invalid for the 'manager' reference.",
  });
  expect(await assign(`users/${unknownId}`)).toMatchObject({ status: 404 });
  expect(await assign("users/nobody@contoso.onmicrosoft.com")).toMatchObject({ status: 404 });
  expect((await tenant.graph("GET", path)).status).toBe(404);
  // As terraform-provider-azuread has it.
  expect(await assign(`directoryObjects/${ids.manager}`)).toMatchObject({ status: 204 });
  expect((await tenant.graph("DELETE", `/v1.0/users/${ids.manager}`)).status).toBe(204);
  expect((await tenant.graph("GET", path)).status).toBe(404);
  const restore = `/v1.0/directory/deletedItems/${ids.manager}/restore`;
  expect((await tenant.graph("POST", restore)).status).toBe(200);
  expect((await tenant.graph("GET", path)).status).toBe(404);
});

test("an owner can be named by user principal name, as Microsoft365DSC does", async () => {
  const { tenant, ids, url } = await withUsers();
  const { id } = await createApplication(tenant);
  const owners = `/v1.0/applications/${id}/owners`;
  const reference = { "@odata.id": `${url}/v1.0/users/user@contoso.onmicrosoft.com` };
  expect((await tenant.graph("POST", `${owners}/$ref`, reference)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", `${owners}?$select=id`)).map((owner) => owner.id)).toEqual([
    ids.user,
  ]);
});

test("a user's app roles are assigned, listed and taken away from the user's side", async () => {
  const { tenant, ids } = await withUsers();
  const { principalId: resourceId } = await createApplication(tenant);
  const path = `/v1.0/users/${ids.user}/appRoleAssignments`;
  const wanted = { principalId: ids.user, resourceId, appRoleId: "00000000-0000-0000-0000-000000000000" };
  expect(errorOf(await tenant.graph("POST", path, { ...wanted, principalId: ids.other }))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid value specified for property 'principalId' of resource 'AppRoleAssignment'.",
  });
  const created = await tenant.graph("POST", path, wanted);
  const { "@odata.context": _context, ...assignment } = created.body;
  expect([created.status, assignment]).toEqual([
    201,
    {
      ...wanted,
      id: expect.any(String),
      deletedDateTime: null,
      createdDateTime: "2026-11-23T08:00:00Z",
      principalDisplayName: "user",
      principalType: "User",
      resourceDisplayName: "Jobs",
    },
  ]);
  for (const list of [
    path,
    "/v1.0/users/user@contoso.onmicrosoft.com/appRoleAssignments",
    `${path}?$filter=resourceId%20eq%20${resourceId}`,
    `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`,
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    expect(itemsOf(await tenant.graph("GET", list))).toEqual([assignment]);
  }
  const expanded = await tenant.graph("GET", `/v1.0/users/${ids.user}?$select=id&$expand=appRoleAssignments`);
  expect(expanded.body.appRoleAssignments).toEqual([assignment]);
  const others = `/v1.0/users/${ids.other}/appRoleAssignments`;
  expect(itemsOf(await tenant.graph("GET", others))).toEqual([]);
  expect((await tenant.graph("GET", `${others}/${textOf(assignment.id)}`)).status).toBe(404);
  const one = `${path}/${textOf(assignment.id)}`;
  expect((await tenant.graph("GET", one)).body).toMatchObject(assignment);
  expect((await tenant.graph("DELETE", one)).status).toBe(204);
  expect((await tenant.graph("DELETE", one)).status).toBe(404);
});

test("nobody lists the objects of every type, as in Microsoft Graph", async () => {
  const { tenant } = await withUsers();
  for (const path of ["/v1.0/directoryObjects", "/beta/directoryObjects?$top=1&$select=id"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    expect(errorOf(await tenant.graph("GET", path))).toEqual({
      status: 400,
      code: "Request_UnsupportedQuery",
      message: "Searches against this resource are not supported. Only specific instances can be queried.",
    });
  }
});

async function withUsers() {
  const { deployer } = defaultSeed;
  const permissions = [...deployerPermissions, "Directory.Read.All", "User.ReadWrite.All"];
  const tenant = await startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...deployer, permissions } }],
  });
  const ids = {
    user: await createUser(tenant, "user"),
    manager: await createUser(tenant, "manager"),
    other: await createUser(tenant, "other"),
  };
  return { tenant, ids, url: tenant.server.url };
}

async function createUser(tenant: TestTenant, name: string): Promise<string> {
  const { body } = await tenant.graph("POST", "/v1.0/users", {
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    userPrincipalName: `${name}@contoso.onmicrosoft.com`,
    passwordProfile: { password: "Ab1!Ab1!Ab1!" },
  });
  return textOf(body.id);
}
