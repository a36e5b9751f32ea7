import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { observeUserRoles, type UserRoles } from "../../../operations/audit/userRoles.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";

const reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const helpdesk = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const userPrincipalName = "anna@contoso.com";
const userId = "1b0f6f3a-90b5-4c55-a1a1-0c7f4d0f4c11";
const title = "Declared directory role that a user lacks";

test("nothing is asked where the stack gives users no role", async () => {
  const tenant = await started();
  tenant.server.clearRequests();
  expect(await look(tenant, [])).toEqual({ missing: [], unread: [] });
  expect(tenant.server.requests).toEqual([]);
  await tenant.server.close();
});

test("a role that a user lacks, one of a user who is gone, and one over a part of the tenant", async () => {
  const tenant = await started();
  const assignment = { principalId: userId, roleDefinitionId: reader, directoryScopeId: "/" };
  await tenant.write("POST", "/roleManagement/directory/roleAssignments", assignment);
  const { missing, unread } = await look(tenant, [
    { userPrincipalName: "Anna@Contoso.com", roleTemplateId: reader },
    { userPrincipalName, roleTemplateId: helpdesk },
    { userPrincipalName: "gone@contoso.com", roleTemplateId: reader },
  ]);
  expect(unread).toEqual([]);
  expect(missing).toEqual([
    expect.objectContaining({
      id: "EXO-AUDIT-USER-ROLE-MISSING",
      check: title,
      severity: "medium",
      subject: `${userPrincipalName} ${helpdesk}`,
      found: "none",
      declared: "Helpdesk Administrator for anna@contoso.com",
      remedy: "pulumi up --refresh",
    }),
    expect.objectContaining({ subject: `gone@contoso.com ${reader}`, found: "no such user" }),
  ]);
  await tenant.server.close();
});

test("who may not find users is told so, and nothing is missing", async () => {
  const tenant = await started(deployerPermissions.filter((one) => !one.startsWith("User.")));
  const { missing, unread } = await look(tenant, [{ userPrincipalName, roleTemplateId: reader }]);
  expect(missing).toEqual([]);
  expect(unread).toEqual([
    {
      check: title,
      reason: expect.stringMatching(/^the identity lacks the application permission User\.Read\.All of/),
      denied: true,
      optional: true,
    },
  ]);
  await tenant.server.close();
});

test("where the record is not known, neither are the users' roles", async () => {
  const tenant = await started();
  expect(await look(tenant, [], "It is not known.")).toEqual({
    missing: [],
    unread: [{ check: title, reason: "It is not known.", denied: false }],
  });
  await tenant.server.close();
});

function started(permissions = [...deployerPermissions, "User.Read.All"]): Promise<TestTenant> {
  const users = [{ userPrincipalName, displayName: "Anna", id: userId }];
  return startTestTenant({
    seeds: [{ ...defaultSeed, users, deployer: { ...defaultSeed.deployer, permissions } }],
  });
}

function look(
  tenant: TestTenant,
  userRoles: Parameters<typeof observeUserRoles>[1]["userRoles"],
  unknown?: string,
): Promise<UserRoles> {
  const graph = createGraphClient(
    createCredential(tenant.deployer, tenant.endpoints),
    tenant.endpoints.graph,
  );
  return observeUserRoles(graph, { userRoles, ...(unknown !== undefined && { unknown }) });
}
