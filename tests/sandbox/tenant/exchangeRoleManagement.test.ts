import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { errorOf, itemsOf, type Answer } from "./client.ts";
import { exchangeScope, messageOf, prepare, type Jobs } from "./exchangeJobs.ts";

const root = "/beta/roleManagement/exchange";
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

/** A tenant whose deployer has these permissions besides its own, and an application without anything. */
function prepared(...permissions: readonly string[]): Promise<Jobs> {
  return prepare({
    deployer: {
      clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
      clientSecret: "s",
      permissions: [...deployerPermissions, "AdministrativeUnit.ReadWrite.All", ...permissions],
    },
  });
}

/** The ID of a management role, looked up as CLI for Microsoft 365 does. */
async function roleIdOf({ tenant }: Jobs, displayName: string): Promise<string> {
  const found = itemsOf(
    await tenant.graph("GET", `${root}/roleDefinitions?$filter=displayName eq '${displayName}'`),
  );
  expect(found.map((one) => one.displayName)).toEqual([displayName]);
  return textOf(found[0]?.id);
}

function assign({ tenant }: Jobs, assignment: JsonObject): Promise<Answer> {
  return tenant.graph("POST", `${root}/roleAssignments`, assignment);
}

/** Runs a command that must succeed. */
async function run(
  jobs: Jobs,
  token: string,
  command: string,
  parameters: JsonObject,
): Promise<readonly JsonObject[]> {
  const answer = await jobs.invoke(command, parameters, token);
  expect(`${command} ${answer.status}`).toBe(`${command} 200`);
  return itemsOf(answer);
}

test("a role is given by Graph, opens what it covers, and is taken away again", async () => {
  const jobs = await prepared("RoleManagement.ReadWrite.Exchange");
  await jobs.consent();
  const roleDefinitionId = await roleIdOf(jobs, "View-Only Recipients");
  const principalId = `/ServicePrincipals/${jobs.principalId}`;
  const wanted = { roleDefinitionId, principalId, directoryScopeId: "/", appScopeId: null };

  const created = await assign(jobs, wanted);
  expect({ status: created.status, id: typeof created.body.id, ...pick(created.body) }).toEqual({
    status: 201,
    id: "string",
    ...wanted,
  });
  expect(errorOf(await assign(jobs, wanted)).status).toBe(400);

  const token = await jobs.token(exchangeScope);
  expect((await jobs.invoke("Get-Mailbox", {}, token)).status).toBe(200);
  expect(messageOf(await jobs.invoke("Set-Mailbox", { Identity: "reports@contoso.com" }, token))).toEqual({
    status: 403,
    message: "User is not allowed to call Set-Mailbox",
  });

  const own = `${root}/roleAssignments?$filter=principalId eq '${principalId}'`;
  const expanded = itemsOf(await jobs.tenant.graph("GET", `${own}&$expand=principal,roleDefinition`));
  expect(
    expanded.map(({ principal, roleDefinition }) => [nameOf(principal), nameOf(roleDefinition)]),
  ).toEqual([["Jobs", "View-Only Recipients"]]);
  const one = `${root}/roleAssignments/${textOf(created.body.id)}`;
  expect(pick((await jobs.tenant.graph("GET", one)).body)).toEqual(wanted);
  expect((await jobs.tenant.graph("DELETE", one)).status).toBe(204);
  expect(itemsOf(await jobs.tenant.graph("GET", own))).toEqual([]);
  expect((await jobs.invoke("Get-Mailbox", {}, token)).status).toBe(403);
});

test("an assignment is over the organization, an administrative unit or a management scope", async () => {
  const jobs = await prepared("RoleManagement.ReadWrite.Exchange");
  await jobs.consent();
  await jobs.assign(exchangeAdministrator);
  const token = await jobs.token(exchangeScope);
  const filter = "City -eq 'Seattle'";
  await run(jobs, token, "New-ManagementScope", { Name: "Seattle", RecipientRestrictionFilter: filter });
  const [scope] = itemsOf(await jobs.tenant.graph("GET", `${root}/customAppScopes`));
  expect({ ...scope, id: "" }).toEqual({
    id: "",
    customAttributes: { Exclusive: false, RecipientFilter: filter },
    displayName: "Seattle",
    type: "RecipientScope",
  });
  const unit = await jobs.tenant.graph("POST", "/v1.0/directory/administrativeUnits", {
    displayName: "North",
  });
  const roleDefinitionId = await roleIdOf(jobs, "Mail Recipients");
  const role = { roleDefinitionId, principalId: jobs.principalId };
  const scopes = [
    { directoryScopeId: "/", appScopeId: null },
    { directoryScopeId: `/AdministrativeUnits/${textOf(unit.body.id)}`, appScopeId: null },
    { directoryScopeId: null, appScopeId: scope?.id ?? null },
  ];
  for (const over of scopes) expect((await assign(jobs, { ...role, ...over })).status).toBe(201);

  const principalId = `/ServicePrincipals/${jobs.principalId}`;
  const listed = itemsOf(
    await jobs.tenant.graph("GET", `${root}/roleAssignments?$filter=principalId eq '${principalId}'`),
  );
  expect(listed.map(pick)).toEqual(scopes.map((over) => ({ roleDefinitionId, principalId, ...over })));
  const byCmdlet = await run(jobs, token, "Get-ManagementRoleAssignment", { RoleAssignee: jobs.principalId });
  expect(byCmdlet.map(({ Guid, Name }) => [Guid, Name])).toEqual([
    [listed[0]?.id, `Mail Recipients-${jobs.principalId}`],
    [listed[1]?.id, `Mail Recipients-${jobs.principalId}-1`],
    [listed[2]?.id, `Mail Recipients-${jobs.principalId}-2`],
  ]);
});

test("CIPP's repair of Organization Management runs to its end", async () => {
  const jobs = await prepared("RoleManagement.ReadWrite.Exchange");
  await jobs.consent();
  await jobs.assign(exchangeAdministrator);
  const token = await jobs.token(exchangeScope);
  const regular = await run(jobs, token, "Get-ManagementRoleAssignment", { Delegating: false });
  const held = regular
    .filter((one) => one.RoleAssigneeName === "Organization Management")
    .map(({ Role, Guid }) => ({ Role, Guid }));
  expect(held.every(({ Guid }) => /^[0-9a-f-]{36}$/.test(textOf(Guid)))).toBe(true);
  expect(regular.every((one) => one.RoleAssignmentDelegationType === "Regular")).toBe(true);

  const definitions = itemsOf(await jobs.tenant.graph("GET", `${root}/roleDefinitions?$top=999`));
  const missing = definitions.filter(({ displayName }) => !held.some(({ Role }) => Role === displayName));
  const lacked = missing.find(({ displayName }) => displayName === "Mailbox Search");
  const answer = await jobs.tenant.graph("POST", "/beta/$batch", {
    requests: [
      {
        id: textOf(lacked?.id),
        method: "POST",
        url: "roleManagement/exchange/roleAssignments",
        headers: { "Content-Type": "application/json" },
        body: {
          principalId: "/RoleGroups/Organization Management",
          roleDefinitionId: textOf(lacked?.id),
          directoryScopeId: "/",
          appScopeId: null,
        },
      },
    ],
  });
  const { responses } = answer.body;
  expect(
    Array.isArray(responses) ? responses.map((one: Json) => isJsonObject(one) && one.status) : [],
  ).toEqual([201]);
  const after = await run(jobs, token, "Get-ManagementRoleAssignment", {
    Role: "Mailbox Search",
    RoleAssignee: "Organization Management",
    Delegating: false,
  });
  expect(after.map(({ Role }) => Role)).toEqual(["Mailbox Search"]);
});

test("built-in role groups have their assignments, without those that only let give", async () => {
  const jobs = await prepared("RoleManagement.Read.Exchange");
  const principalId = "/RoleGroups/View-Only Organization Management";
  const listed = itemsOf(
    await jobs.tenant.graph("GET", `${root}/roleAssignments?$filter=principalId eq '${principalId}'`),
  );
  const roles = itemsOf(await jobs.tenant.graph("GET", `${root}/roleDefinitions?$top=999`));
  expect(
    listed.map(({ roleDefinitionId }) => roles.find(({ id }) => id === roleDefinitionId)?.displayName),
  ).toEqual(["View-Only Configuration", "View-Only Recipients"]);
  const managers = itemsOf(
    await jobs.tenant.graph(
      "GET",
      `${root}/roleAssignments?$filter=principalId eq '/RoleGroups/Organization Management'&$top=999`,
    ),
  );
  expect(new Set(managers.map(({ roleDefinitionId }) => roleDefinitionId)).size).toBe(managers.length);
});

test("it takes permissions of its own, and is on the beta endpoint alone", async () => {
  const without = await prepared("RoleManagement.Read.Directory");
  expect(errorOf(await without.tenant.graph("GET", `${root}/roleAssignments`))).toMatchObject({
    status: 403,
    code: "Authorization_RequestDenied",
  });
  const reader = await prepared("RoleManagement.Read.Exchange");
  expect((await reader.tenant.graph("GET", `${root}/roleAssignments`)).status).toBe(200);
  const wanted = { principalId: reader.principalId, roleDefinitionId: "x", directoryScopeId: "/" };
  expect((await assign(reader, wanted)).status).toBe(403);
  expect((await reader.tenant.graph("GET", root.replace("beta", "v1.0"))).status).toBe(501);
});

test.each([
  ["a role", { roleDefinitionId: "99999999-9999-4999-8999-999999999999" }, 404],
  ["a principal", { principalId: "/ServicePrincipals/99999999-9999-4999-8999-999999999999" }, 404],
  ["a role group", { principalId: "/RoleGroups/Nobody" }, 404],
  ["a scope", { directoryScopeId: null, appScopeId: "99999999-9999-4999-8999-999999999999" }, 404],
  [
    "an administrative unit",
    { directoryScopeId: "/AdministrativeUnits/99999999-9999-4999-8999-999999999999" },
    404,
  ],
  ["any scope at all", { directoryScopeId: null }, 400],
  ["a kind of scope", { directoryScopeId: "/Planets/1" }, 400],
  ["a user's mailbox as a scope, which this tenant does not have", { directoryScopeId: "/Users/1" }, 501],
])("an assignment without %s is refused", async (_what, changed, status) => {
  const jobs = await prepared("RoleManagement.ReadWrite.Exchange");
  const roleDefinitionId = await roleIdOf(jobs, "Mail Recipients");
  const wanted = {
    principalId: `/ServicePrincipals/${jobs.principalId}`,
    roleDefinitionId,
    directoryScopeId: "/",
  };
  expect((await assign(jobs, { ...wanted, ...changed })).status).toBe(status);
  const all = itemsOf(await jobs.tenant.graph("GET", `${root}/roleAssignments?$top=999`));
  expect(all.filter((one) => textOf(one.principalId).startsWith("/ServicePrincipals/"))).toEqual([]);
});

test("a tenant without Exchange Online has no such roles", async () => {
  const jobs = await prepare({
    exchangeLicensed: false,
    deployer: {
      clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
      clientSecret: "s",
      permissions: [...deployerPermissions, "RoleManagement.Read.Exchange"],
    },
  });
  expect(errorOf(await jobs.tenant.graph("GET", `${root}/roleDefinitions`))).toMatchObject({
    status: 404,
    code: "ResourceNotFound",
  });
});

/** What an assignment says besides its ID. */
function pick({ roleDefinitionId, principalId, directoryScopeId, appScopeId }: JsonObject): JsonObject {
  return {
    roleDefinitionId: roleDefinitionId ?? null,
    principalId: principalId ?? null,
    directoryScopeId: directoryScopeId ?? null,
    appScopeId: appScopeId ?? null,
  };
}

function nameOf(object: Json | undefined): Json | undefined {
  return isJsonObject(object) ? object.displayName : undefined;
}
