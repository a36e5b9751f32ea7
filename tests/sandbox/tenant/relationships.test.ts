import { expect, test } from "vitest";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type Json } from "../../../sandbox/tenant/json.ts";
import {
  createApplication,
  errorOf,
  itemsOf,
  startTestTenant,
  type Answer,
  type TestTenant,
} from "./client.ts";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const unknownId = "99999999-9999-4999-8999-999999999999";
const eventual = { ConsistencyLevel: "eventual" };

/** Lists of one type, by path, and what is in them. */
function castsOf(ids: Ids): readonly (readonly [path: string, ids: readonly Json[]])[] {
  const { id, principal, user, inner, outer, unit, role } = ids;
  return [
    [`/applications/${id}/owners/microsoft.graph.user`, [user]],
    [`/applications/${id}/owners/microsoft.graph.servicePrincipal`, [principal]],
    // Microsoft's libraries send the alias of the namespace.
    [`/applications/${id}/owners/graph.user`, [user]],
    [`/applications/${id}/owners/Microsoft.Graph.User`, [user]],
    [`/users/${user}/memberOf/microsoft.graph.group`, [inner]],
    [`/users/${user}/transitiveMemberOf/graph.group`, [inner, outer]],
    [`/servicePrincipals/${principal}/memberOf/microsoft.graph.directoryRole`, [role]],
    [`/servicePrincipals/${principal}/memberOf/graph.group`, []],
    [`/servicePrincipals/${principal}/ownedObjects/graph.application`, [id]],
    [`/groups/${inner}/memberOf/graph.group`, [outer]],
    [`/groups/${outer}/members/graph.group`, [inner]],
    [`/groups/${outer}/transitiveMembers/graph.user`, [user]],
    [`/directory/administrativeUnits/${unit}/members/graph.user`, [user]],
    [`/directoryRoles/${role}/members/graph.servicePrincipal`, [principal]],
  ];
}

test("a list of one type alone, by each name that the type has", async () => {
  const { tenant, ids } = await withRelationships();
  const expected = castsOf(ids).map(([path, found]) => [path, 200, found.map((id) => ({ id }))]);
  const answers = [];
  for (const [path] of castsOf(ids)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const { status, body } = await tenant.graph("GET", `/v1.0${path}?$select=id`);
    answers.push([path, status, body.value]);
  }
  expect(answers).toEqual(expected);
});

test("a list of one type takes the queries of that type's own list", async () => {
  const { tenant, ids } = await withRelationships();
  const path = `/v1.0/users/${ids.user}/transitiveMemberOf/microsoft.graph.group`;
  const ask = async (query: string): Promise<Answer> =>
    tenant.send("GET", `${path}?${query.replaceAll(" ", "%20")}`, {
      token: await tenant.deployerToken(),
      headers: eventual,
    });
  const { body } = await ask("$count=true&$filter=startsWith(displayName,'out')&$select=displayName");
  expect(body).toEqual({
    "@odata.context": `${tenant.server.url}/v1.0/$metadata#groups`,
    "@odata.count": 1,
    value: [{ displayName: "Outer" }],
  });
  const sorted = itemsOf(await ask("$count=true&$orderby=displayName desc&$select=displayName"));
  expect(sorted).toEqual([{ displayName: "Outer" }, { displayName: "Inner" }]);
  expect(errorOf(await ask("$select=userPrincipalName"))).toMatchObject({
    status: 400,
    message:
      "Parsing OData Select and Expand failed: Could not find a property named 'userPrincipalName' on type 'microsoft.graph.group'.",
  });
});

test("how many an object is related to, which takes the header", async () => {
  const { tenant, ids } = await withRelationships();
  const path = `/v1.0/applications/${ids.id}/owners`;
  const token = await tenant.deployerToken();
  const { status, text } = await tenant.send("GET", `${path}/$count`, { token, headers: eventual });
  expect([status, text]).toEqual([200, "2"]);
  expect(errorOf(await tenant.graph("GET", `${path}/$count`))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: "$count is not currently supported.",
  });
  const listed = await tenant.send("GET", `${path}?$count=true&$select=id&$top=1`, {
    token,
    headers: eventual,
  });
  expect(listed.body["@odata.count"]).toBe(2);
  expect(itemsOf(listed)).toHaveLength(1);
});

test("references name tenant, object and type, and can be sent back", async () => {
  const { tenant, ids } = await withRelationships();
  const { body } = await tenant.graph("GET", `/v1.0/applications/${ids.id}/owners/$ref`);
  const root = `${tenant.server.url}/v2/${tenant.seed.tenantId}/directoryObjects`;
  expect(body).toEqual({
    "@odata.context": `${tenant.server.url}/v1.0/$metadata#Collection($ref)`,
    value: [
      { "@odata.id": `${root}/${ids.user}/Microsoft.DirectoryServices.User` },
      { "@odata.id": `${root}/${ids.principal}/Microsoft.DirectoryServices.ServicePrincipal` },
    ],
  });
  const [reference] = itemsOf({ body, status: 200, headers: {}, text: "" });
  const owners = `/v1.0/servicePrincipals/${ids.principal}/owners`;
  expect((await tenant.graph("POST", `${owners}/$ref`, reference ?? {})).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", `${owners}?$select=id`)).map((owner) => owner.id)).toEqual([
    ids.user,
  ]);
});

test("what is not served says so, and is not taken for an ID", async () => {
  const { tenant, ids } = await withRelationships();
  for (const path of [
    "/applications/microsoft.graph.getByIds()",
    "/directoryObjects/delta",
    "/domains/delta",
    `/applications/${ids.id}/owners/microsoft.graph.device`,
    `/directory/administrativeUnits/${ids.unit}/members/graph.device`,
    "/users/$metadata",
    "/$metadata",
    `/${tenant.seed.tenantId}/users`,
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    expect(errorOf(await tenant.graph("GET", `/v1.0${path}`))).toEqual({
      status: 501,
      code: "NotImplemented",
      message: `GET /v1.0${path} is not implemented in this tenant.`,
    });
  }
});

test("a member of an administrative unit by itself", async () => {
  const { tenant, ids } = await withRelationships();
  const members = `/v1.0/directory/administrativeUnits/${ids.unit}/members`;
  const { body } = await tenant.graph("GET", `${members}/${ids.user}?$select=id,displayName`);
  expect(body).toEqual({
    "@odata.context": `${tenant.server.url}/v1.0/$metadata#directoryObjects/$entity`,
    "@odata.type": "#microsoft.graph.user",
    id: ids.user,
    displayName: "Adele Admin",
  });
  expect((await tenant.graph("GET", `${members}/${ids.principal}`)).status).toBe(404);
});

test("an activated role is given and taken by reference, by object ID or template", async () => {
  const { tenant, ids } = await withRelationships();
  const members = `/v1.0/directoryRoles/${ids.role}/members`;
  const assignments = `/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20'${exchangeAdministrator}'&$select=principalId,directoryScopeId`;
  expect((await tenant.graph("POST", `${members}/$ref`, referenceTo(tenant, ids.user))).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", assignments))).toEqual([
    { principalId: ids.principal, directoryScopeId: "/" },
    { principalId: ids.user, directoryScopeId: "/" },
  ]);
  expect(errorOf(await tenant.graph("POST", `${members}/$ref`, referenceTo(tenant, ids.user)))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message:
      "One or more added object references already exist for the following modified properties: 'members'.",
  });
  const byTemplate = `/v1.0/directoryRoles(roleTemplateId='${exchangeAdministrator}')/members`;
  expect((await tenant.graph("DELETE", `${byTemplate}/${ids.principal}/$ref`)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", assignments))).toEqual([
    { principalId: ids.user, directoryScopeId: "/" },
  ]);
  expect((await tenant.graph("DELETE", `${byTemplate}/${ids.principal}/$ref`)).status).toBe(404);
  // CIPP activates a role where this answers 404.
  const inactive = "/v1.0/directoryRoles(roleTemplateId='f2ef992c-3afb-46b9-b7cf-a126ee74c451')/members/$ref";
  expect((await tenant.graph("POST", inactive, referenceTo(tenant, ids.user))).status).toBe(404);
  expect(
    errorOf(await tenant.graph("POST", `${members}/$ref`, referenceTo(tenant, ids.inner))),
  ).toMatchObject({
    status: 400,
    message: "Groups without IsAssignableToRole property set cannot be assigned to roles.",
  });
  expect((await tenant.graph("POST", `${members}/$ref`, referenceTo(tenant, unknownId))).status).toBe(404);
  expect((await tenant.graph("POST", `${members}/$ref`, {})).status).toBe(400);
});

/** The ids of what the tests ask about. */
interface Ids {
  /** An application that the user and its own service principal own. */
  readonly id: string;
  /** A service principal with Exchange Administrator. */
  readonly principal: string;
  readonly user: string;
  /** A group with the user, which is in the outer one. */
  readonly inner: string;
  readonly outer: string;
  /** An administrative unit with the user. */
  readonly unit: string;
  readonly role: string;
}

function referenceTo(tenant: TestTenant, id: string): { "@odata.id": string } {
  return { "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${id}` };
}

async function withRelationships(): Promise<{ readonly tenant: TestTenant; readonly ids: Ids }> {
  const permissions = [
    "AdministrativeUnit.ReadWrite.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Group.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "User.Read.All",
  ];
  const { deployer } = defaultSeed;
  const tenant = await startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...deployer, permissions } }],
  });
  const made = async (path: string, body: Record<string, Json>): Promise<string> =>
    textOf((await tenant.graph("POST", `/v1.0${path}`, body)).body.id);
  const link = async (path: string, id: string): Promise<void> => {
    const { status } = await tenant.graph("POST", `/v1.0${path}/$ref`, referenceTo(tenant, id));
    if (status !== 204) throw new Error(`${path} answers ${status}`);
  };
  const { id, principalId: principal } = await createApplication(tenant);
  const user = textOf(itemsOf(await tenant.graph("GET", "/v1.0/users?$select=id"))[0]?.id);
  const group = { mailEnabled: false, mailNickname: "g", securityEnabled: true };
  const inner = await made("/groups", { ...group, displayName: "Inner" });
  const outer = await made("/groups", { ...group, displayName: "Outer" });
  const unit = await made("/directory/administrativeUnits", { displayName: "Unit" });
  await made("/roleManagement/directory/roleAssignments", {
    principalId: principal,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
  });
  await link(`/applications/${id}/owners`, user);
  await link(`/applications/${id}/owners`, principal);
  await link(`/groups/${inner}/members`, user);
  await link(`/groups/${outer}/members`, inner);
  await link(`/directory/administrativeUnits/${unit}/members`, user);
  const template = `/v1.0/directoryRoles(roleTemplateId='${exchangeAdministrator}')`;
  const role = textOf((await tenant.graph("GET", template)).body.id);
  return { tenant, ids: { id, principal, user, inner, outer, unit, role } };
}
