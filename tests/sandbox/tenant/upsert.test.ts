import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
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

// What Bicep's extension for Microsoft Graph sends: a PATCH by a key of the client's own, which creates what is not there.
const createIfMissing = { Prefer: "create-if-missing" };
const group = { displayName: "Jobs", mailEnabled: false, mailNickname: "jobs", securityEnabled: true };

test.each([
  ["applications", { displayName: "Jobs" }],
  ["groups", group],
])("%s: the first one creates it, the second updates it", async (collection, body) => {
  const tenant = await withPermissions();
  const path = `/v1.0/${collection}(uniqueName='exchange-jobs')`;
  const created = await upsert(tenant, path, body);
  expect([created.status, created.body.uniqueName, created.body.displayName]).toEqual([
    201,
    "exchange-jobs",
    "Jobs",
  ]);
  const updated = await upsert(tenant, path, { displayName: "Renamed" });
  expect([updated.status, updated.text]).toEqual([204, ""]);
  const read = await tenant.graph("GET", `${path}?$select=id,displayName`);
  expect([read.body.id, read.body.displayName]).toEqual([created.body.id, "Renamed"]);
  const filter = encodeURIComponent("uniqueName eq 'exchange-jobs'");
  expect(itemsOf(await tenant.graph("GET", `/v1.0/${collection}?$filter=${filter}`))).toHaveLength(1);
});

test("a service principal by its application's ID, and a federated credential by its name", async () => {
  const tenant = await withPermissions();
  const application = await upsert(tenant, "/v1.0/applications(uniqueName='jobs')", { displayName: "Jobs" });
  const appId = textOf(application.body.appId);
  const principal = `/v1.0/servicePrincipals(appId='${appId}')`;
  const created = await upsert(tenant, principal, { tags: ["exchange"] });
  expect([created.status, created.body.appId, created.body.tags]).toEqual([201, appId, ["exchange"]]);
  expect((await upsert(tenant, principal, { tags: [] })).status).toBe(204);
  const credential = "/v1.0/applications(uniqueName='jobs')/federatedIdentityCredentials(name='main')";
  const trust = {
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:contoso/jobs:environment:production",
    audiences: ["api://AzureADTokenExchange"],
  };
  const made = await upsert(tenant, credential, trust);
  expect([made.status, made.body.name, made.body.subject]).toEqual([201, "main", trust.subject]);
  const subject = "repo:contoso/jobs:environment:other";
  expect((await upsert(tenant, credential, { subject })).status).toBe(204);
  expect((await tenant.graph("GET", credential)).body.subject).toBe(subject);
});

test("without the header nothing is created", async () => {
  const tenant = await withPermissions();
  for (const path of [
    "/v1.0/applications(uniqueName='jobs')",
    "/v1.0/groups(uniqueName='jobs')",
    "/v1.0/servicePrincipals(appId='99999999-9999-4999-8999-999999999999')",
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const answer = await tenant.graph("PATCH", path, { displayName: "Jobs" });
    expect(errorOf(answer)).toMatchObject({ status: 404, code: "Request_ResourceNotFound" });
  }
  const { id } = await createApplication(tenant);
  const credential = `/v1.0/applications/${id}/federatedIdentityCredentials(name='main')`;
  expect((await tenant.graph("PATCH", credential, { subject: "x" })).status).toBe(404);
  const byId = await upsert(tenant, "/v1.0/applications/99999999-9999-4999-8999-999999999999", {
    displayName: "Jobs",
  });
  expect(byId.status).toBe(404);
});

test("a unique name belongs to one object of its type", async () => {
  const tenant = await withPermissions();
  await upsert(tenant, "/v1.0/applications(uniqueName='jobs')", { displayName: "Jobs" });
  expect(
    errorOf(await tenant.graph("POST", "/v1.0/applications", { displayName: "Other", uniqueName: "jobs" })),
  ).toMatchObject({
    status: 400,
    message:
      "A conflicting object with one or more of the specified property values is present in the directory.",
  });
  expect((await tenant.graph("POST", "/v1.0/groups", { ...group, uniqueName: "jobs" })).status).toBe(201);
});

test("with Application.ReadWrite.OwnedBy a caller owns what it creates, and touches nobody else's", async () => {
  const others = await createdByOthers();
  const { tenant, token } = others;
  const path = "/v1.0/applications(uniqueName='mine')";
  const created = await upsert(tenant, path, { displayName: "Mine" }, token);
  expect(created.status).toBe(201);
  expect((await upsert(tenant, path, { displayName: "Still mine" }, token)).status).toBe(204);
  const theirs = await upsert(tenant, "/v1.0/applications(uniqueName='theirs')", { displayName: "x" }, token);
  expect(errorOf(theirs)).toMatchObject({ status: 403, code: "Authorization_RequestDenied" });
});

async function upsert(tenant: TestTenant, path: string, body: Json, token?: string): Promise<Answer> {
  return tenant.send("PATCH", path, {
    token: token ?? (await tenant.deployerToken()),
    headers: createIfMissing,
    body,
  });
}

function withPermissions(): Promise<TestTenant> {
  const permissions = [...deployerPermissions, "Group.ReadWrite.All"];
  return startTestTenant({ seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } }] });
}

/** A tenant with an application of the deployer's, and the token of an identity that may touch only what it owns. */
async function createdByOthers(): Promise<{ readonly tenant: TestTenant; readonly token: string }> {
  const identity = {
    name: "owner",
    clientId: "0f5dd1b2-1f0c-4d5c-9a54-3f0c2b1c7a01",
    clientSecret: "secret-of-the-owner",
    permissions: ["Application.ReadWrite.OwnedBy"],
  };
  const tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: [identity] }] });
  await upsert(tenant, "/v1.0/applications(uniqueName='theirs')", { displayName: "Theirs" });
  const answer = await tenant.signIn({
    client_id: identity.clientId,
    client_secret: identity.clientSecret,
    grant_type: "client_credentials",
    scope: `${tenant.server.url}/.default`,
  });
  return { tenant, token: textOf(answer.body.access_token) };
}
