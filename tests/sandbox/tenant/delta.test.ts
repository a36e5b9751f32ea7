import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, startTestTenant, type Answer, type TestTenant } from "./client.ts";

// As CIPP's New-GraphDeltaQuery sends it: the newest token first, and then its links with `Prefer: return=minimal`.
const permissions = [
  ...deployerPermissions,
  "AdministrativeUnit.ReadWrite.All",
  "User.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Group.ReadWrite.All",
];

function start(): Promise<TestTenant> {
  return startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } }],
  });
}

/** The path of an answer's link. */
function linkOf({ body }: Answer): string {
  const { pathname, search } = new URL(textOf(body["@odata.deltaLink"]));
  return `${pathname}${search}`;
}

async function follow(tenant: TestTenant, answer: Answer, prefer?: string): Promise<Answer> {
  return tenant.send("GET", linkOf(answer), {
    token: await tenant.deployerToken(),
    ...(prefer !== undefined && { headers: { prefer } }),
  });
}

test("what changed since the newest token: new, another, gone and back", async () => {
  const tenant = await start();
  const before = await createApplication(tenant);
  const latest = await tenant.graph(
    "GET",
    "/beta/applications/delta?$deltaToken=latest&$select=displayName,notes",
  );
  expect(latest).toMatchObject({ status: 200, body: { value: [] } });

  await tenant.graph("PATCH", `/v1.0/applications/${before.id}`, { displayName: "Other" });
  const minimal = await follow(tenant, latest, "return=minimal");
  expect(minimal.body["value"]).toEqual([{ id: before.id, displayName: "Other" }]);
  expect((await follow(tenant, latest)).body["value"]).toEqual([
    { id: before.id, displayName: "Other", notes: null },
  ]);
  expect((await follow(tenant, minimal)).body["value"]).toEqual([]);

  const { id: added } = await createApplication(tenant);
  await tenant.graph("DELETE", `/v1.0/applications/${before.id}`);
  const second = await follow(tenant, minimal, "return=minimal");
  expect(second.body["value"]).toEqual([
    { id: added, displayName: expect.any(String), notes: null },
    { id: before.id, "@removed": { reason: "changed" } },
  ]);

  await tenant.graph("POST", `/v1.0/directory/deletedItems/${before.id}/restore`);
  await tenant.graph("DELETE", `/v1.0/applications/${added}`);
  await tenant.graph("DELETE", `/v1.0/directory/deletedItems/${added}`);
  expect((await follow(tenant, second)).body["value"]).toEqual([
    { id: before.id, displayName: "Other", notes: null },
    { id: added, "@removed": { reason: "deleted" } },
  ]);
});

test.each([
  "/v1.0/applications",
  "/v1.0/servicePrincipals",
  "/beta/users",
  "/v1.0/groups",
  "/v1.0/directory/administrativeUnits",
  "/beta/administrativeUnits",
  "/v1.0/directoryRoles",
  "/v1.0/oauth2PermissionGrants",
])("without a token, %s/delta has everything, with parentheses, too", async (path) => {
  const tenant = await start();
  await createApplication(tenant);
  const { body } = await tenant.graph("GET", `${path}?$top=999`.replace(/(Roles)\?.*/, "$1"));
  const ids = (body["value"] as readonly JsonObject[]).map(({ id }) => id);
  for (const name of ["delta", "delta()", "microsoft.graph.delta()"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const all = await tenant.graph("GET", `${path}/${name}`);
    expect((all.body["value"] as readonly JsonObject[]).map(({ id }) => id)).toEqual(ids);
    // oxlint-disable-next-line no-await-in-loop
    expect((await follow(tenant, all)).body["value"]).toEqual([]);
  }
});

test("a filter by ID is remembered by the links, and there is no other", async () => {
  const tenant = await start();
  const [one, other] = [await createApplication(tenant), await createApplication(tenant)];
  const path = `/v1.0/applications/delta?$select=notes&$filter=id eq '${one.id}'`;
  const first = await tenant.graph("GET", path);
  expect(first.body["value"]).toEqual([{ id: one.id, notes: null }]);
  for (const { id } of [one, other])
    // oxlint-disable-next-line no-await-in-loop
    await tenant.graph("PATCH", `/v1.0/applications/${id}`, { notes: "n" });
  expect((await follow(tenant, first)).body["value"]).toEqual([{ id: one.id, notes: "n" }]);
  expect(
    errorOf(await tenant.graph("GET", "/v1.0/applications/delta?$filter=displayName eq 'x'")),
  ).toMatchObject({ status: 400, code: "Request_UnsupportedQuery" });
});

test("a token that is unknown by now is 410 with the link that begins anew", async () => {
  const tenant = await start();
  const first = await tenant.graph("GET", "/v1.0/applications/delta?$deltatoken=latest");
  const link = linkOf(first);
  const ofUsers = link.replace("applications", "users");
  const unknown = await tenant.graph("GET", ofUsers);
  expect(errorOf(unknown)).toMatchObject({ status: 410, code: "syncStateNotFound" });
  expect(unknown.headers["location"]).toBe(`${tenant.server.url}/v1.0/users/delta?$deltatoken=`);
  for (let times = 0; times < 100; times += 1)
    // oxlint-disable-next-line no-await-in-loop
    await tenant.graph("GET", "/v1.0/groups/delta?$deltatoken=latest");
  expect((await tenant.graph("GET", link)).status).toBe(410);
});

test("who may not read the list may not read what changed", async () => {
  const tenant = await startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions: ["User.Read.All"] } }],
  });
  expect((await tenant.graph("GET", "/v1.0/applications/delta")).status).toBe(403);
});
