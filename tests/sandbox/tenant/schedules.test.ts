import { expect, test } from "vitest";
import { defaultSeed, type TenantSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import {
  claimsOf,
  createApplication,
  deployerForm,
  errorOf,
  itemsOf,
  startTestTenant,
  tokenOf,
  type TestTenant,
} from "./client.ts";

const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const cloudApplicationAdministrator = "158c047a-c907-4556-b7ef-446551a6b5f7";
const directory = "/v1.0/roleManagement/directory";
const groups = "/v1.0/identityGovernance/privilegedAccess/group";
const tomorrow = "2026-11-24T08:00:00Z";
const inTwoDays = "2026-11-25T08:00:00Z";

const readers = [
  ["roleAssignmentSchedules", "RoleAssignmentSchedule.Read.Directory"],
  ["roleAssignmentSchedules", "RoleAssignmentSchedule.ReadWrite.Directory"],
  ["roleAssignmentSchedules", "RoleManagement.Read.All"],
  ["roleAssignmentSchedules", "RoleManagement.Read.Directory"],
  ["roleAssignmentScheduleInstances", "RoleAssignmentSchedule.Read.Directory"],
  ["roleEligibilitySchedules", "RoleEligibilitySchedule.Read.Directory"],
  ["roleEligibilitySchedules", "RoleManagement.Read.Directory"],
  ["roleEligibilityScheduleInstances", "RoleEligibilitySchedule.Read.Directory"],
  ["roleAssignmentScheduleRequests", "RoleAssignmentSchedule.ReadWrite.Directory"],
  ["roleEligibilityScheduleRequests", "RoleEligibilitySchedule.ReadWrite.Directory"],
] as const;

test.each(readers)("%s can be read with %s", async (list, permission) => {
  const tenant = await withPermissions([permission]);
  expect((await tenant.graph("GET", `${directory}/${list}`)).status).toBe(200);
});

test.each([
  ["roleAssignmentSchedules", "RoleEligibilitySchedule.Read.Directory"],
  ["roleEligibilitySchedules", "RoleAssignmentSchedule.Read.Directory"],
  ["roleAssignmentScheduleRequests", "RoleAssignmentSchedule.Read.Directory"],
  ["roleAssignmentScheduleRequests", "RoleManagement.Read.Directory"],
  ["roleEligibilityScheduleRequests", "RoleEligibilitySchedule.Read.Directory"],
  ["roleEligibilitySchedules", "Directory.Read.All"],
])("%s cannot be read with %s", async (list, permission) => {
  const tenant = await withPermissions([permission]);
  expect((await tenant.graph("GET", `${directory}/${list}`)).status).toBe(403);
});

test("a tenant without Entra ID P2 says so, to whoever may ask", async () => {
  const tenant = await startTestTenant({
    seeds: [seedWith(["RoleManagement.ReadWrite.Directory", ...groupRights], { entraIdP2: false })],
  });
  const refusal = {
    status: 400,
    code: "AadPremiumLicenseRequired",
    message: "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
  };
  for (const path of [
    `${directory}/roleAssignmentSchedules`,
    `${directory}/roleEligibilitySchedules`,
    `${directory}/roleAssignmentScheduleInstances`,
    `${groups}/eligibilitySchedules`,
  ]) {
    expect(errorOf(await tenant.graph("GET", path))).toEqual(refusal);
  }
  const asked = await tenant.graph("POST", `${directory}/roleAssignmentScheduleRequests`, {});
  expect(errorOf(asked)).toEqual(refusal);
  // Roles themselves are in every tenant.
  expect((await tenant.graph("GET", `${directory}/roleAssignments`)).status).toBe(200);
});

test("a role that begins tomorrow is in the schedules today, and in force from then until its end", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]);
  const { id, principalId } = await createApplication(tenant);
  const scope = `/${id}`;
  const made = await tenant.graph("POST", `${directory}/roleAssignmentScheduleRequests`, {
    action: "adminAssign",
    justification: "On call",
    principalId,
    roleDefinitionId: cloudApplicationAdministrator,
    directoryScopeId: scope,
    scheduleInfo: {
      startDateTime: tomorrow,
      expiration: { type: "afterDateTime", endDateTime: inTwoDays },
    },
  });
  expect({ status: made.status, state: made.body.status }).toEqual({ status: 201, state: "Provisioned" });
  const schedules = await tenant.graph("GET", `${directory}/roleAssignmentSchedules?$filter=${over(scope)}`);
  expect(itemsOf(schedules)).toEqual([
    {
      id: made.body.targetScheduleId,
      appScopeId: null,
      assignmentType: "Assigned",
      createdDateTime: "2026-11-23T08:00:00Z",
      createdUsing: made.body.id,
      directoryScopeId: scope,
      memberType: "Direct",
      modifiedDateTime: null,
      principalId,
      roleDefinitionId: cloudApplicationAdministrator,
      scheduleInfo: {
        startDateTime: tomorrow,
        recurrence: null,
        expiration: { type: "afterDateTime", endDateTime: inTwoDays, duration: null },
      },
      status: "Provisioned",
    },
  ]);
  const inForce = async () => {
    const token = await tokenOf(
      tenant.signIn({ ...deployerForm(tenant.seed), scope: `${tenant.server.url}/.default` }),
    );
    const counted = await Promise.all(
      ["roleAssignments", "roleAssignmentScheduleInstances", "roleAssignmentSchedules"].map((list) =>
        tenant.graph("GET", `${directory}/${list}?$filter=${over(scope)}`, undefined, token),
      ),
    );
    return counted.map((answer) => itemsOf(answer).length);
  };
  expect(await inForce()).toEqual([0, 0, 1]);
  tenant.server.clock.set(new Date(tomorrow));
  expect(await inForce()).toEqual([1, 1, 1]);
  tenant.server.clock.set(new Date(inTwoDays));
  expect(await inForce()).toEqual([0, 0, 0]);
});

test("a role for a time is in tokens while it lasts, and goes with the assignment or the request that ends it", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]);
  const { id, appId, principalId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const hasRole = async () => {
    const token = await tokenOf(
      tenant.signIn({
        client_id: appId,
        client_secret: textOf(secret.body.secretText),
        grant_type: "client_credentials",
        scope: `${tenant.server.url}/.default`,
      }),
    );
    const { wids } = claimsOf(token);
    return Array.isArray(wids) && wids.includes(globalReader);
  };
  const wanted = { principalId, roleDefinitionId: globalReader, directoryScopeId: "/" };
  const ask = (action: string) =>
    tenant.graph("POST", `${directory}/roleAssignmentScheduleRequests`, {
      ...wanted,
      action,
      justification: "On call",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT8H" } },
    });
  expect((await ask("adminAssign")).status).toBe(201);
  expect(errorOf(await ask("adminAssign")).code).toBe("RoleAssignmentExists");
  expect(await hasRole()).toBe(true);
  expect((await ask("adminRemove")).status).toBe(201);
  expect(await hasRole()).toBe(false);
  expect(errorOf(await ask("adminRemove")).code).toBe("RoleAssignmentDoesNotExist");
  await ask("adminAssign");
  const [assignment] = itemsOf(
    await tenant.graph("GET", `${directory}/roleAssignments?$filter=${by(principalId)}`),
  );
  const removed = await tenant.graph("DELETE", `${directory}/roleAssignments/${textOf(assignment?.id)}`);
  expect(removed.status).toBe(204);
  expect(await hasRole()).toBe(false);
  const left = await tenant.graph("GET", `${directory}/roleAssignmentSchedules?$filter=${by(principalId)}`);
  expect(itemsOf(left)).toEqual([]);
});

test("a role that was assigned directly has a schedule without a request, as in Microsoft's example", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]);
  const { principalId } = await createApplication(tenant);
  const wanted = { principalId, roleDefinitionId: globalReader, directoryScopeId: "/" };
  const { body } = await tenant.graph("POST", `${directory}/roleAssignments`, wanted);
  const list = (name: string) => tenant.graph("GET", `${directory}/${name}?$filter=${by(principalId)}`);
  const [schedule] = itemsOf(await list("roleAssignmentSchedules"));
  expect(schedule).toMatchObject({ ...wanted, id: body.id, createdUsing: null, createdDateTime: null });
  expect(itemsOf(await list("roleAssignmentScheduleInstances"))).toEqual([
    {
      ...wanted,
      id: body.id,
      appScopeId: null,
      assignmentType: "Assigned",
      endDateTime: null,
      memberType: "Direct",
      roleAssignmentOriginId: body.id,
      roleAssignmentScheduleId: body.id,
      startDateTime: null,
    },
  ]);
});

const groupRights = [
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
];

test("the schedules of groups are read for one group or one principal, with a right of their own", async () => {
  const { tenant, groupId, userId } = await withGroup();
  for (const list of ["assignmentSchedules", "eligibilitySchedules", "eligibilityScheduleInstances"]) {
    expect(errorOf(await tenant.graph("GET", `${groups}/${list}`))).toEqual({
      status: 400,
      code: "MissingParameters",
      message: "The required parameters GroupId or PrincipalId is missing.",
    });
  }
  const made = await tenant.graph("POST", `${groups}/eligibilityScheduleRequests`, {
    ...place("adminAssign", groupId, userId),
    scheduleInfo: { startDateTime: tomorrow, expiration: { type: "noExpiration" } },
  });
  expect(made.status).toBe(201);
  const shown = {
    accessId: "member",
    groupId,
    principalId: userId,
    createdDateTime: "2026-11-23T08:00:00Z",
    id: made.body.targetScheduleId,
    memberType: "direct",
    modifiedDateTime: null,
    scheduleInfo: {
      startDateTime: tomorrow,
      recurrence: null,
      expiration: { type: "noExpiration", endDateTime: null, duration: null },
    },
    status: "Provisioned",
  };
  for (const filter of [`groupId eq '${groupId}'`, `principalId eq '${userId}'`]) {
    const listed = await tenant.graph(
      "GET",
      `${groups}/eligibilitySchedules?$filter=${encodeURIComponent(filter)}`,
    );
    expect(itemsOf(listed)).toEqual([{ ...shown, createdUsing: expect.any(String) }]);
  }
  const running = `${groups}/eligibilityScheduleInstances?$filter=${by(userId)}`;
  expect(itemsOf(await tenant.graph("GET", running))).toEqual([]);
  const reader = await withPermissions(["PrivilegedEligibilitySchedule.Read.AzureADGroup"]);
  const filter = `$filter=${by(userId)}`;
  expect((await reader.graph("GET", `${groups}/eligibilitySchedules?${filter}`)).status).toBe(200);
  expect((await reader.graph("GET", `${groups}/assignmentSchedules?${filter}`)).status).toBe(403);
});

test("a place in a group for a time is a place in it while it lasts", async () => {
  const { tenant, groupId, userId } = await withGroup();
  const members = async () =>
    itemsOf(await tenant.graph("GET", `/v1.0/groups/${groupId}/members?$select=id`)).map((one) => one.id);
  const ask = (action: string, scheduleInfo: Json = null) =>
    tenant.graph("POST", `${groups}/assignmentScheduleRequests`, {
      ...place(action, groupId, userId),
      scheduleInfo,
    });
  expect((await ask("adminAssign")).status).toBe(201);
  expect(await members()).toEqual([userId]);
  expect(errorOf(await ask("adminAssign")).code).toBe("RoleAssignmentExists");
  expect((await ask("adminRemove")).status).toBe(201);
  expect(await members()).toEqual([]);
  expect(errorOf(await ask("adminRemove")).code).toBe("RoleAssignmentDoesNotExist");
  await ask("adminAssign", { expiration: { type: "afterDuration", duration: "PT30M" } });
  expect(await members()).toEqual([userId]);
  tenant.server.clock.advance(31 * 60_000);
  expect(await members()).toEqual([]);
});

function place(action: string, groupId: string, principalId: string): JsonObject {
  return { action, accessId: "member", groupId, principalId };
}

function by(principalId: string): string {
  return encodeURIComponent(`principalId eq '${principalId}'`);
}

function over(scope: string): string {
  return encodeURIComponent(`directoryScopeId eq '${scope}'`);
}

async function withGroup(): Promise<{ tenant: TestTenant; groupId: string; userId: string }> {
  const tenant = await withPermissions(["Group.ReadWrite.All", "User.Read.All", ...groupRights]);
  const group = await tenant.graph("POST", "/v1.0/groups", {
    displayName: "Operators",
    mailEnabled: false,
    mailNickname: "operators",
    securityEnabled: true,
  });
  const [user] = itemsOf(await tenant.graph("GET", "/v1.0/users?$select=id"));
  return { tenant, groupId: textOf(group.body.id), userId: textOf(user?.id) };
}

function seedWith(permissions: readonly string[], more: Partial<TenantSeed> = {}): TenantSeed {
  return { ...defaultSeed, ...more, deployer: { ...defaultSeed.deployer, permissions } };
}

function withPermissions(permissions: readonly string[]): Promise<TestTenant> {
  return startTestTenant({ seeds: [seedWith(permissions)] });
}
