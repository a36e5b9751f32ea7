import { expect, test } from "vitest";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type Json } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";

test("objects by their IDs, each once, without those that there are not", async () => {
  const { tenant, application, user } = await withMembers();
  const ids = [user, application, unknownId, user.toUpperCase()];
  const ask = async (body: Record<string, Json>): Promise<readonly Json[]> =>
    itemsOf(await tenant.graph("POST", "/v1.0/directoryObjects/getByIds?$select=id,displayName", body));
  const adele = { "@odata.type": "#microsoft.graph.user", id: user, displayName: "Adele Admin" };
  const jobs = { "@odata.type": "#microsoft.graph.application", id: application, displayName: "Jobs" };
  expect(await ask({ ids })).toEqual([adele, jobs]);
  expect(await ask({ ids, types: ["User", "device"] })).toEqual([adele]);
  expect(await ask({ ids, types: ["directoryObject"] })).toEqual([adele, jobs]);
  expect(await ask({ ids: [] })).toEqual([]);
});

test("getByIds takes at most 1000 IDs, and names of types", async () => {
  const { tenant } = await withMembers();
  for (const [body, message] of [
    [{}, "A value is required for property 'ids' of resource 'GetByIds'."],
    [{ ids: ["me"] }, "Invalid object identifier 'me'."],
    [{ ids: Array.from({ length: 1001 }, () => unknownId) }, "'ids' has 1001 IDs, and 1000 are the most."],
    [
      { ids: [], types: ["color"] },
      "Invalid value specified for property 'types' of resource 'DirectoryObject'.",
    ],
    [
      { ids: [], names: [] },
      "The property 'names' does not exist on type 'microsoft.graph.getByIds'. Make sure to only use property names that are defined by the type.",
    ],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const answer = await tenant.graph("POST", "/v1.0/directoryObjects/getByIds", body);
    expect(errorOf(answer)).toEqual({ status: 400, code: "Request_BadRequest", message });
  }
});

test("what a user is a member of", async () => {
  const { tenant, user, inner, outer, unit } = await withMembers();
  const ask = async (name: string, body: Record<string, Json>): Promise<Json | undefined> =>
    (await tenant.graph("POST", `/v1.0/users/${user}/${name}`, body)).body.value;
  expect(await ask("getMemberGroups", { securityEnabledOnly: true })).toEqual([inner, outer]);
  expect(await ask("getMemberGroups", {})).toEqual([inner, outer]);
  expect(await ask("getMemberObjects", { securityEnabledOnly: true })).toEqual([inner, outer]);
  const [role, ...others] = (await ask("getMemberObjects", { securityEnabledOnly: false })) as string[];
  expect(others).toEqual([inner, unit, outer]);
  expect((await tenant.graph("GET", `/v1.0/directoryRoles/${role}`)).body.displayName).toBe(
    "Global Administrator",
  );
  expect(await ask("checkMemberGroups", { groupIds: [outer, unknownId] })).toEqual([outer]);
  const anyObject = await tenant.graph("POST", `/v1.0/directoryObjects/${user}/getMemberGroups`, {});
  expect(anyObject.body.value).toEqual([inner, outer]);
});

test("groups and service principals are asked the same, by libraries with the function's full name", async () => {
  const { tenant, principal, inner, outer } = await withMembers();
  const ofGroup = await tenant.graph("POST", `/v1.0/groups/${inner}/getMemberGroups`, {});
  expect(ofGroup.body).toEqual({
    "@odata.context": `${tenant.server.url}/v1.0/$metadata#Collection(Edm.String)`,
    value: [outer],
  });
  const path = `/v1.0/servicePrincipals/${principal}`;
  for (const name of ["getMemberGroups", "microsoft.graph.getMemberGroups", "graph.getMemberObjects"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    expect((await tenant.graph("POST", `${path}/${name}`, {})).body.value).toEqual([outer]);
  }
});

test("checkMemberGroups takes at most 20 IDs of groups", async () => {
  const { tenant, user } = await withMembers();
  for (const [body, message] of [
    [
      { groupIds: Array.from({ length: 21 }, () => unknownId) },
      "'groupIds' has 21 IDs, and 20 are the most.",
    ],
    [{}, "A value is required for property 'groupIds' of resource 'CheckMemberGroups'."],
    [{ groupIds: ["Inner"] }, "Invalid object identifier 'Inner'."],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const answer = await tenant.graph("POST", `/v1.0/users/${user}/checkMemberGroups`, body);
    expect(errorOf(answer)).toEqual({ status: 400, code: "Request_BadRequest", message });
  }
});

test("memberships of a user take the right to read users, and to read groups", async () => {
  for (const [permissions, status] of [
    [["User.Read.All"], 403],
    [["GroupMember.Read.All"], 403],
    [["User.Read.All", "GroupMember.Read.All"], 404],
    [["Directory.Read.All"], 404],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const tenant = await withPermissions(permissions);
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const answer = await tenant.graph("POST", `/v1.0/users/${unknownId}/getMemberGroups`, {});
    expect(answer.status).toBe(status);
  }
  const reader = await withPermissions(["User.Read.All"]);
  const objects = await reader.graph("POST", `/v1.0/users/${unknownId}/getMemberObjects`, {});
  expect(objects.status).toBe(404);
});

test("there is no signed-in user, below /me neither", async () => {
  const tenant = await startTestTenant();
  for (const [method, path] of [
    ["GET", "/v1.0/me"],
    ["GET", "/v1.0/me?$select=id"],
    ["GET", "/beta/me/memberOf/microsoft.graph.group"],
    ["POST", "/v1.0/me/getMemberObjects"],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    expect(errorOf(await tenant.graph(method, path))).toEqual({
      status: 400,
      code: "BadRequest",
      message: "/me request is only valid with delegated authentication flow.",
    });
  }
  expect(errorOf(await tenant.send("GET", "/v1.0/me"))).toMatchObject({ status: 401 });
});

async function withPermissions(permissions: readonly string[]): Promise<TestTenant> {
  const { deployer } = defaultSeed;
  return startTestTenant({ seeds: [{ ...defaultSeed, deployer: { ...deployer, permissions } }] });
}

/** The user is in the inner group and in the unit; the inner group and the service principal are in the outer one. */
async function withMembers() {
  const tenant = await withPermissions([
    "AdministrativeUnit.ReadWrite.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Group.ReadWrite.All",
  ]);
  const made = async (path: string, body: Record<string, Json>): Promise<string> =>
    textOf((await tenant.graph("POST", `/v1.0${path}`, body)).body.id);
  const add = async (path: string, id: string): Promise<void> => {
    const reference = { "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${id}` };
    const { status } = await tenant.graph("POST", `/v1.0${path}/members/$ref`, reference);
    if (status !== 204) throw new Error(`${path} answers ${status}`);
  };
  const { id: application, principalId: principal } = await createApplication(tenant);
  const user = textOf(itemsOf(await tenant.graph("GET", "/v1.0/users?$select=id"))[0]?.id);
  const group = { mailEnabled: false, mailNickname: "g", securityEnabled: true };
  const inner = await made("/groups", { ...group, displayName: "Inner" });
  const outer = await made("/groups", { ...group, displayName: "Outer" });
  const unit = await made("/directory/administrativeUnits", { displayName: "Unit" });
  await add(`/groups/${inner}`, user);
  await add(`/groups/${outer}`, inner);
  await add(`/groups/${outer}`, principal);
  await add(`/directory/administrativeUnits/${unit}`, user);
  return { tenant, application, principal, user, inner, outer, unit };
}
