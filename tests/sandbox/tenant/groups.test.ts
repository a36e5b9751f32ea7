import { expect, test } from "vitest";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import {
  claimsOf,
  createApplication,
  deployerForm,
  errorOf,
  itemsOf,
  startTestTenant,
  tokenOf,
  type Answer,
  type TestTenant,
} from "./client.ts";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const roleAssignments = "/v1.0/roleManagement/directory/roleAssignments";
const eligibilityRequests = "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests";

test("a security group is created, read, changed and deleted for good", async () => {
  const tenant = await withGroups();
  const created = await createGroup(tenant, { displayName: "Jobs", description: "All jobs" });
  expect(created).toMatchObject({ displayName: "Jobs", isAssignableToRole: null, securityEnabled: true });
  const path = `/v1.0/groups/${textOf(created.id)}`;
  expect((await tenant.graph("PATCH", path, { description: "Some jobs" })).status).toBe(204);
  expect((await tenant.graph("GET", `${path}?$select=description`)).body.description).toBe("Some jobs");
  const filter = encodeURIComponent("displayName eq 'jobs'");
  expect(itemsOf(await tenant.graph("GET", `/v1.0/groups?$filter=${filter}&$select=id`))).toEqual([
    { id: created.id },
  ]);
  expect((await tenant.graph("DELETE", path)).status).toBe(204);
  expect((await tenant.graph("GET", path)).status).toBe(404);
  expect((await tenant.graph("GET", `/v1.0/directory/deletedItems/${textOf(created.id)}`)).status).toBe(404);
});

test.each<[string, JsonObject, number, string]>([
  ["mail-enabled", { mailEnabled: true }, 501, "A mail-enabled group is not implemented in this tenant."],
  ["neither", { securityEnabled: false }, 400, "The group must be either mail-enabled or security-enabled."],
  [
    "dynamic",
    { groupTypes: ["DynamicMembership"] },
    501,
    "Setting 'groupTypes' of a group is not implemented in this tenant.",
  ],
])("a group that is %s is refused", async (_name, properties, status, message) => {
  const tenant = await withGroups();
  expect(errorOf(await tenant.graph("POST", "/v1.0/groups", { ...group, ...properties }))).toMatchObject({
    status,
    message,
  });
});

test("whether roles can be assigned to a group is said once and for all", async () => {
  const tenant = await withGroups();
  const { id, visibility } = await createGroup(tenant, { isAssignableToRole: true });
  expect(visibility).toBe("Private");
  const answer = await tenant.graph("PATCH", `/v1.0/groups/${textOf(id)}`, { isAssignableToRole: false });
  expect(errorOf(answer)).toMatchObject({
    status: 400,
    message: "Property 'isAssignableToRole' is read-only and cannot be set.",
  });
});

test("a tenant has 500 role-assignable groups at most, and any number of others", async () => {
  const tenant = await withGroups();
  for (let number = 0; number < 500; number += 1) await createGroup(tenant, { isAssignableToRole: true });
  const answer = await tenant.graph("POST", "/v1.0/groups", { ...group, isAssignableToRole: true });
  expect(errorOf(answer)).toMatchObject({ status: 403, code: "Directory_QuotaExceeded" });
  await createGroup(tenant);
});

test("a role-assignable group takes the right to manage roles, for everything that is written to it", async () => {
  const tenant = await withGroups();
  const { principalId } = await createApplication(tenant);
  const { id } = await createGroup(tenant, { isAssignableToRole: true });
  const token = await tokenWith(tenant, ["Group.ReadWrite.All"]);
  const path = `/v1.0/groups/${textOf(id)}`;
  const attempts: readonly [string, string, JsonObject?][] = [
    ["POST", "/v1.0/groups", { ...group, isAssignableToRole: true }],
    ["PATCH", path, { description: "Mine" }],
    ["POST", `${path}/members/$ref`, referenceTo(tenant, principalId)],
    ["DELETE", `${path}/members/${principalId}/$ref`],
    ["DELETE", path],
  ];
  for (const [method, target, body] of attempts) {
    expect(errorOf(await tenant.graph(method, target, body, token))).toMatchObject({
      status: 403,
      code: "Authorization_RequestDenied",
    });
  }
  expect((await tenant.graph("POST", "/v1.0/groups", group, token)).status).toBe(201);
});

test("members come and go, once, and never in a circle", async () => {
  const tenant = await withGroups();
  const { principalId } = await createApplication(tenant);
  const [outer, inner] = [await createGroup(tenant), await createGroup(tenant)];
  expect((await addMember(tenant, outer, textOf(inner.id))).status).toBe(204);
  expect((await addMember(tenant, inner, principalId)).status).toBe(204);
  expect(errorOf(await addMember(tenant, inner, principalId)).message).toBe(
    "One or more added object references already exist for the following modified properties: 'members'.",
  );
  for (const member of [inner.id, outer.id]) {
    expect(errorOf(await addMember(tenant, inner, textOf(member))).message).toBe(
      "A group cannot be a member of itself, directly or through others.",
    );
  }
  const members = `/v1.0/groups/${textOf(inner.id)}/members`;
  expect(itemsOf(await tenant.graph("GET", `${members}?$select=id`))).toEqual([
    { "@odata.type": "#microsoft.graph.servicePrincipal", id: principalId },
  ]);
  expect(await membershipIds(tenant, principalId, "memberOf")).toEqual([inner.id]);
  expect(await membershipIds(tenant, principalId, "transitiveMemberOf")).toEqual([inner.id, outer.id]);
  expect((await tenant.graph("DELETE", `${members}/${principalId}/$ref`)).status).toBe(204);
  expect((await tenant.graph("DELETE", `${members}/${principalId}/$ref`)).status).toBe(404);
  expect(await membershipIds(tenant, principalId, "transitiveMemberOf")).toEqual([]);
});

test("a role-assignable group takes no group as a member, and can be one", async () => {
  const tenant = await withGroups();
  const [carrying, plain] = [
    await createGroup(tenant, { isAssignableToRole: true }),
    await createGroup(tenant),
  ];
  expect(errorOf(await addMember(tenant, carrying, textOf(plain.id)))).toMatchObject({
    status: 400,
    message: "Nesting is currently not supported for groups that can be assigned to a role.",
  });
  expect((await addMember(tenant, plain, textOf(carrying.id))).status).toBe(204);
});

test("a role of a group is in its members' tokens, and goes with the membership or the group", async () => {
  const tenant = await withGroups();
  const { id, appId, principalId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const roles = async (): Promise<unknown> => {
    const form = { client_id: appId, client_secret: textOf(secret.body.secretText) };
    const scope = `${tenant.server.url}/.default`;
    return claimsOf(await tokenOf(tenant.signIn({ ...form, grant_type: "client_credentials", scope }))).wids;
  };
  const none = await roles();
  const carrying = await createGroup(tenant, { isAssignableToRole: true });
  await addMember(tenant, carrying, principalId);
  expect((await assignRole(tenant, textOf(carrying.id))).status).toBe(201);
  expect(await roles()).toEqual([exchangeAdministrator, ...(none as string[])]);
  const [memberOf, role] = itemsOf(
    await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}/transitiveMemberOf`),
  );
  expect([memberOf?.id, role?.displayName]).toEqual([carrying.id, "Exchange Administrator"]);
  await tenant.graph("DELETE", `/v1.0/groups/${textOf(carrying.id)}`);
  expect(await roles()).toEqual(none);
  expect(itemsOf(await tenant.graph("GET", roleAssignments)).map((one) => one.principalId)).not.toContain(
    carrying.id,
  );
});

test("no role is assigned to any other group, and a sign-in is not possiblecome eligible for it", async () => {
  const tenant = await withGroups();
  const { id } = await createGroup(tenant);
  const message = "Groups without IsAssignableToRole property set cannot be assigned to roles.";
  expect(errorOf(await assignRole(tenant, textOf(id)))).toMatchObject({ status: 400, message });
  expect(errorOf(await makeEligible(tenant, textOf(id)))).toMatchObject({ status: 400, message });
});

test("a role-assignable group can be eligible, which is no role of its members'; a service principal cannot", async () => {
  const tenant = await withGroups();
  const { principalId } = await createApplication(tenant);
  const { id } = await createGroup(tenant, {
    isAssignableToRole: true,
    "members@odata.bind": [`${tenant.server.url}/v1.0/servicePrincipals/${principalId}`],
  });
  expect((await makeEligible(tenant, textOf(id))).status).toBe(201);
  const schedules = "/v1.0/roleManagement/directory/roleEligibilitySchedules";
  expect(itemsOf(await tenant.graph("GET", schedules)).map((one) => one.principalId)).toEqual([id]);
  expect(await membershipIds(tenant, principalId, "transitiveMemberOf")).toEqual([id]);
  expect(errorOf(await makeEligible(tenant, principalId))).toMatchObject({
    status: 400,
    code: "InvalidRoleAssignmentRequest",
  });
  await tenant.graph("DELETE", `/v1.0/groups/${textOf(id)}`);
  expect(itemsOf(await tenant.graph("GET", schedules))).toEqual([]);
});

test("who may not read groups sees of them type and id", async () => {
  const tenant = await withGroups();
  const { principalId } = await createApplication(tenant);
  const { id } = await createGroup(tenant, { isAssignableToRole: true });
  await addMember(tenant, { id: id ?? null }, principalId);
  const path = `/v1.0/servicePrincipals/${principalId}/transitiveMemberOf?$select=id,displayName,isAssignableToRole`;
  const seenWith = async (permission: string): Promise<unknown> => {
    const token = await tokenWith(tenant, ["Application.Read.All", permission]);
    return itemsOf(await tenant.graph("GET", path, undefined, token));
  };
  const type = { "@odata.type": "#microsoft.graph.group", id };
  expect(await seenWith("GroupMember.Read.All")).toEqual([
    { ...type, displayName: "A group", isAssignableToRole: true },
  ]);
  expect(await seenWith("User.Read.All")).toEqual([{ ...type, displayName: null, isAssignableToRole: null }]);
});

test("members are listed in pages", async () => {
  const tenant = await withGroups();
  const { principalId } = await createApplication(tenant);
  const ids: unknown[] = [];
  for (let number = 0; number < 5; number += 1) {
    const created = await createGroup(tenant);
    await addMember(tenant, created, principalId);
    ids.push(created.id);
  }
  const seen: unknown[] = [];
  const sizes: number[] = [];
  let next = `/v1.0/servicePrincipals/${principalId}/transitiveMemberOf?$select=id&$top=2`;
  while (next !== "") {
    const answer = await tenant.graph("GET", next);
    const items = itemsOf(answer);
    sizes.push(items.length);
    seen.push(...items.map((item) => item.id));
    next = textOf(answer.body["@odata.nextLink"]).replace(tenant.server.url, "");
  }
  expect({ sizes, seen }).toEqual({ sizes: [2, 2, 1], seen: ids });
});

const group = {
  displayName: "A group",
  mailEnabled: false,
  mailNickname: "group",
  securityEnabled: true,
};

async function createGroup(tenant: TestTenant, properties: JsonObject = {}): Promise<JsonObject> {
  const answer = await tenant.graph("POST", "/v1.0/groups", { ...group, ...properties });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

function addMember(tenant: TestTenant, { id }: JsonObject, member: string): Promise<Answer> {
  return tenant.graph("POST", `/v1.0/groups/${textOf(id)}/members/$ref`, referenceTo(tenant, member));
}

function referenceTo(tenant: TestTenant, id: string): JsonObject {
  return { "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${id}` };
}

function assignRole(tenant: TestTenant, principalId: string): Promise<Answer> {
  const roleDefinitionId = exchangeAdministrator;
  return tenant.graph("POST", roleAssignments, { principalId, roleDefinitionId, directoryScopeId: "/" });
}

function makeEligible(tenant: TestTenant, principalId: string): Promise<Answer> {
  return tenant.graph("POST", eligibilityRequests, {
    action: "adminAssign",
    principalId,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
    justification: "A test",
    scheduleInfo: { expiration: { type: "noExpiration" } },
  });
}

async function membershipIds(tenant: TestTenant, principalId: string, path: string): Promise<unknown[]> {
  const answer = await tenant.graph("GET", `/v1.0/servicePrincipals/${principalId}/${path}?$select=id`);
  return itemsOf(answer).map((item) => item.id);
}

/** A tenant whose deployer may write groups, whether roles can be assigned to them or not. */
function withGroups(): Promise<TestTenant> {
  const permissions = [...deployerPermissions, "Group.ReadWrite.All"];
  return startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } }],
  });
}

/** The token of an application with these permissions of Microsoft Graph and no role. */
async function tokenWith(tenant: TestTenant, permissions: readonly string[]): Promise<string> {
  const { id, appId, principalId } = await createApplication(tenant);
  const filter = encodeURIComponent("appId eq '00000003-0000-0000-c000-000000000000'");
  const [graph] = itemsOf(await tenant.graph("GET", `/v1.0/servicePrincipals?$filter=${filter}`));
  const offered = graph?.appRoles as readonly { readonly id: string; readonly value: string }[];
  for (const permission of permissions) {
    await tenant.graph("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, {
      principalId,
      resourceId: textOf(graph?.id),
      appRoleId: offered.find(({ value }) => value === permission)?.id ?? "",
    });
  }
  const { body } = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const form = { ...deployerForm(tenant.seed), client_id: appId, client_secret: textOf(body.secretText) };
  return tokenOf(tenant.signIn({ ...form, scope: `${tenant.server.url}/.default` }));
}
