import { expect, test } from "vitest";
import { defaultSeed, type TenantSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type Json } from "../../../sandbox/tenant/json.ts";
import {
  createApplication,
  deployerForm,
  errorOf,
  itemsOf,
  startTestTenant,
  tokenOf,
  type TestTenant,
} from "./client.ts";

const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const directory = "/v1.0/roleManagement/directory";
const policies = "/v1.0/policies";
const expiration = "Expiration_Admin_Assignment";
const enablement = "Enablement_Admin_Assignment";
const writing = ["Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"];

test("a permanent assignment gets an end, keeps its id, and ends then", async () => {
  const { tenant, principalId, ask } = await prepared();
  const list = async (name: string) =>
    itemsOf(await readNow(tenant, `${directory}/${name}?$filter=${by(principalId)}`));
  await tenant.graph("POST", `${directory}/roleAssignments`, {
    principalId,
    roleDefinitionId: globalReader,
    directoryScopeId: "/",
  });
  const [{ id } = {}] = await list("roleAssignments");
  expect(errorOf(await ask("adminAssign", "P1D")).code).toBe("RoleAssignmentExists");
  const updated = await ask("adminUpdate", "P1D");
  expect(updated.body).toMatchObject({ action: "adminUpdate", status: "Provisioned" });
  expect((await list("roleAssignments")).map((one) => one.id)).toEqual([id]);
  expect(await list("roleAssignmentScheduleInstances")).toEqual([
    expect.objectContaining({
      id: textOf(id),
      roleAssignmentScheduleId: textOf(updated.body.targetScheduleId),
      endDateTime: "2026-11-24T08:00:00Z",
    }),
  ]);
  // The schedule stays, with other times.
  const again = await ask("adminUpdate", "P2D");
  expect(again.body.targetScheduleId).toBe(updated.body.targetScheduleId);
  tenant.server.clock.set(new Date("2026-11-25T07:59:59Z"));
  expect(await list("roleAssignments")).toHaveLength(1);
  tenant.server.clock.set(new Date("2026-11-25T08:00:01Z"));
  expect(await list("roleAssignments")).toEqual([]);
  const other = await prepared();
  expect(errorOf(await other.ask("adminUpdate", "P1D")).code).toBe("RoleAssignmentDoesNotExist");
});

test("an assignment that gets its end removed lasts", async () => {
  const { tenant, principalId, ask } = await prepared();
  await ask("adminAssign", "P1D");
  await ask("adminUpdate", undefined);
  tenant.server.clock.advance(400 * 86_400_000);
  const path = `${directory}/roleAssignmentScheduleInstances?$filter=${by(principalId)}`;
  expect(itemsOf(await readNow(tenant, path))).toEqual([expect.objectContaining({ endDateTime: null })]);
});

test.each<[string, object, string, string | undefined, Record<string, Json>, string]>([
  [
    "a longer time than the rules allow",
    { isExpirationRequired: true, maximumDuration: "P30D" },
    expiration,
    "P31D",
    {},
    '["ExpirationRule"]',
  ],
  [
    "no end where the rules want one",
    { isExpirationRequired: true, maximumDuration: "P30D" },
    expiration,
    undefined,
    {},
    '["ExpirationRule"]',
  ],
  ["no reason", {}, expiration, "P1D", { justification: null }, '["JustificationRule"]'],
  [
    "a second factor, which an application does not have",
    { enabledRules: ["MultiFactorAuthentication"] },
    enablement,
    "P1D",
    {},
    '["MfaRule"]',
  ],
  ["no ticket", { enabledRules: ["Justification", "Ticketing"] }, enablement, "P1D", {}, '["TicketingRule"]'],
])("%s is refused", async (_, rule, ruleId, duration, more, failed) => {
  const { tenant, ask } = await prepared();
  const [{ policyId } = {}] = itemsOf(await tenant.graph("GET", assignments()));
  const path = `${policies}/roleManagementPolicies/${textOf(policyId)}/rules/${ruleId}`;
  expect((await tenant.graph("PATCH", path, { ...rule })).status).toBe(200);
  expect(errorOf(await ask("adminAssign", duration, more))).toEqual({
    status: 400,
    code: "RoleAssignmentRequestPolicyValidationFailed",
    message: `The following policy rules failed: ${failed}`,
  });
});

test("the rules of a role are read with a right of their own, for one scope", async () => {
  const reader = await withPermissions(["RoleManagementPolicy.Read.Directory"]);
  expect(errorOf(await reader.graph("GET", `${policies}/roleManagementPolicyAssignments`)).code).toBe(
    "MissingParameters",
  );
  const [{ policyId } = {}] = itemsOf(await reader.graph("GET", assignments()));
  const rules = await reader.graph("GET", `${policies}/roleManagementPolicies/${textOf(policyId)}/rules`);
  expect(itemsOf(rules)).toEqual([
    expect.objectContaining({ id: expiration, isExpirationRequired: false, maximumDuration: "P180D" }),
    expect.objectContaining({ id: enablement, enabledRules: ["Justification"] }),
  ]);
  const path = `${policies}/roleManagementPolicies/${textOf(policyId)}/rules/${expiration}`;
  expect((await reader.graph("PATCH", path, { isExpirationRequired: true })).status).toBe(403);
  const stranger = await withPermissions(["Policy.Read.All"]);
  expect((await stranger.graph("GET", assignments())).status).toBe(403);
  const poor = await startTestTenant({ seeds: [seedWith(writing, { entraIdP2: false })] });
  expect(errorOf(await poor.graph("GET", assignments())).code).toBe("AadPremiumLicenseRequired");
});

function assignments(): string {
  const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${globalReader}'`;
  return `${policies}/roleManagementPolicyAssignments?$filter=${encodeURIComponent(filter)}`;
}

async function prepared() {
  const tenant = await withPermissions(writing);
  const { principalId } = await createApplication(tenant);
  const ask = (action: string, duration: string | undefined, more: Record<string, Json> = {}) =>
    tenant.graph("POST", `${directory}/roleAssignmentScheduleRequests`, {
      action,
      principalId,
      roleDefinitionId: globalReader,
      directoryScopeId: "/",
      justification: "On call",
      scheduleInfo: {
        expiration: duration === undefined ? { type: "noExpiration" } : { type: "afterDuration", duration },
      },
      ...more,
    });
  return { tenant, principalId, ask };
}

/** A token of long ago is no good any more. */
async function readNow(tenant: TestTenant, path: string) {
  const form = { ...deployerForm(tenant.seed), scope: `${tenant.server.url}/.default` };
  return tenant.graph("GET", path, undefined, await tokenOf(tenant.signIn(form)));
}

function by(principalId: string): string {
  return encodeURIComponent(`principalId eq '${principalId}'`);
}

function seedWith(permissions: readonly string[], more: Partial<TenantSeed> = {}): TenantSeed {
  return { ...defaultSeed, ...more, deployer: { ...defaultSeed.deployer, permissions } };
}

function withPermissions(permissions: readonly string[]): Promise<TestTenant> {
  return startTestTenant({ seeds: [seedWith(permissions)] });
}
