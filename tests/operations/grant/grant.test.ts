import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { Failure } from "../../../common/failure.ts";
import type { GrantResult } from "../../../operations/grant/grant.ts";
import { assignmentName, ownName, principalName, scopeName } from "../../../operations/grant/ownNames.ts";
import { roleAccess } from "../../../operations/grant/roleAccess.ts";
import type { FaultAction } from "../../../sandbox/tenant/faults/faults.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { prepareGrantTenant } from "./exchangeTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant({
    seeds: [
      {
        ...defaultSeed,
        users: [
          { userPrincipalName: "reports@contoso.com", displayName: "Reports" },
          { userPrincipalName: "sales@contoso.com", displayName: "Sales", department: "Sales" },
        ],
      },
    ],
  });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

const sales = "Department -eq 'Sales'";

test("gives role groups and scoped roles, after which the job runs these cmdlets and no others", async () => {
  const { run, subject, state, asJob } = await prepareGrantTenant(tenant);
  const declared = subject({
    groups: ["view-only organization management"],
    roles: [{ role: "Mail Recipients", recipientFilter: sales }],
  });
  const own = ownName(declared);
  const shown = await run(declared, { apply: false });
  expect(cmdletsOf(shown)).toEqual([
    "New-ServicePrincipal",
    "New-RoleGroup",
    "New-ManagementScope",
    "New-ManagementRoleAssignment",
    "Add-RoleGroupMember",
    "Add-RoleGroupMember",
  ]);
  expect((await state()).principals).toEqual([]);

  const done = await run(declared);
  expect(cmdletsOf(done)).toEqual(cmdletsOf(shown));
  expect(done.grants.map(({ pending }) => pending)).toEqual([[], []]);
  const role = { role: "Mail Recipients", recipientFilter: sales };
  expect(await state()).toEqual({
    principals: [principalName(declared)],
    memberships: ["View-Only Organization Management", own],
    ownGroups: [
      expect.objectContaining({
        Name: own,
        Description:
          "Made by exo-auth for exchange-auth/contoso, component exchange. Member of: View-Only Organization Management.",
      }),
    ],
    assignments: [assignmentName(declared, role)],
    scopes: [scopeName(declared, sales)],
  });
  await asJob("Get-Mailbox");
  await asJob("Set-Mailbox", { Identity: "sales@contoso.com", DisplayName: "Sold" });
  await expect(asJob("Set-Mailbox", { Identity: "reports@contoso.com", DisplayName: "No" })).rejects.toThrow(
    "isn't within your current write scopes",
  );
  await expect(asJob("New-RoleGroup", { Name: "Mine" })).rejects.toThrow(
    "User is not allowed to call New-RoleGroup",
  );
  expect(cmdletsOf(await run(declared))).toEqual([]);
});

test("takes away what is no longer declared, and nothing that somebody else gave", async () => {
  const { run, subject, state, admin, job } = await prepareGrantTenant(tenant);
  await run(
    subject({
      groups: ["Help Desk", "View-Only Organization Management"],
      roles: [{ role: "Mail Recipients", recipientFilter: sales }, { role: "Message Tracking" }],
    }),
  );
  await admin("Add-RoleGroupMember", { Identity: "Recipient Management", Member: job.appId });
  await admin("New-ManagementRoleAssignment", { Name: "rogue", Role: "Journaling", App: job.appId });
  const fewer = subject({ groups: ["Help Desk"], roles: [{ role: "Message Tracking" }] });
  const result = await run(fewer);
  expect(cmdletsOf(result)).toEqual([
    "Remove-RoleGroupMember",
    "Remove-ManagementRoleAssignment",
    "Set-RoleGroup",
    "Remove-ManagementScope",
  ]);
  expect(result.grants[0]?.notes).toEqual([
    'Left alone: the application is in the role group "Recipient Management", which is not declared, and exo-auth did not add it.',
    'Left alone: the application holds the role "Journaling" directly (rogue). The role is not declared, and exo-auth did not give it.',
  ]);
  expect(await state()).toMatchObject({
    memberships: ["Help Desk", "Recipient Management", ownName(fewer)],
    assignments: [assignmentName(fewer, { role: "Message Tracking" }), "rogue"],
    scopes: [],
  });

  // What somebody else gave keeps Exchange's service principal, too.
  await run(fewer, { remove: true });
  expect(await state()).toMatchObject({
    principals: [principalName(fewer)],
    memberships: ["Recipient Management"],
    ownGroups: [],
    assignments: ["rogue"],
  });
  await admin("Remove-RoleGroupMember", { Identity: "Recipient Management", Member: job.appId });
  await admin("Remove-ManagementRoleAssignment", { Identity: "rogue" });
  expect(cmdletsOf(await run(fewer, { remove: true }))).toEqual(["Remove-ServicePrincipal"]);
  expect(cmdletsOf(await run(fewer, { remove: true }))).toEqual([]);
});

test("puts back a role, a scope and a filter that somebody widened", async () => {
  const { run, subject, admin } = await prepareGrantTenant(tenant);
  const role = { role: "Mail Recipients", recipientFilter: sales };
  const declared = subject({ roles: [role] });
  await run(declared);
  const name = assignmentName(declared, role);
  await admin("Remove-ManagementRoleAssignment", { Identity: name });
  await admin("New-ManagementRoleAssignment", {
    Name: name,
    Role: role.role,
    SecurityGroup: ownName(declared),
  });
  await admin("Set-ManagementScope", {
    Identity: scopeName(declared, sales),
    RecipientRestrictionFilter: "Alias -like '*'",
  });
  expect(cmdletsOf(await run(declared))).toEqual([
    "Set-ManagementScope",
    "Remove-ManagementRoleAssignment",
    "New-ManagementRoleAssignment",
  ]);
  expect(await admin("Get-ManagementRoleAssignment", { Identity: name })).toMatchObject([
    { CustomRecipientWriteScope: scopeName(declared, sales) },
  ]);
});

test("does not put the application into a role group of its name that holds another's roles", async () => {
  const { run, subject, state, admin } = await prepareGrantTenant(tenant);
  const declared = subject({ roles: [{ role: "Message Tracking" }] });
  const own = ownName(declared);
  await admin("New-RoleGroup", {
    Name: own,
    Description: "Made by exo-auth for exchange-auth/contoso, component exchange.",
    ManagedBy: "Organization Management",
  });
  await admin("New-ManagementRoleAssignment", { Name: "planted", Role: "Journaling", SecurityGroup: own });
  await expect(run(declared)).rejects.toThrow(
    `The role group "${own}" in Exchange Online of contoso.onmicrosoft.com, which is for component "exchange", holds roles that exo-auth did not give: "Journaling". Look at who gave them, and remove them.`,
  );
  expect((await state()).memberships).toEqual([]);
  await admin("Remove-ManagementRoleAssignment", { Identity: "planted" });
  await run(declared);
  await admin("New-ManagementRoleAssignment", { Name: "planted", Role: "Journaling", SecurityGroup: own });
  const later = await run(declared);
  expect(cmdletsOf(later)).toEqual([]);
  expect(later.grants[0]?.notes).toEqual([
    `Left alone: the role group "${own}" holds the role "Journaling" (planted), which is not declared, and exo-auth did not give it.`,
  ]);
});

test("killed after any of its requests and run again, it ends in the declared state", async () => {
  const { run, subject, state } = await prepareGrantTenant(tenant);
  const first = subject({
    groups: ["Help Desk"],
    roles: [{ role: "Mail Recipients", recipientFilter: sales }],
  });
  const second = subject({
    groups: ["View-Only Organization Management"],
    roles: [{ role: "Message Tracking" }],
  });
  await run(second);
  const wanted = await state();
  await run(second, { remove: true });
  await run(first);
  const before = await state();
  // Killed one request later each time; after that, the program is the one before again, or goes on.
  for (let requests = 0, isDone = false; !isDone; requests++) {
    const fault = tenant.server.faults.add(
      { path: /InvokeCommand/, method: "POST" },
      { kind: "refuse", refusal: { status: 403 } },
      undefined,
      requests,
    );
    isDone = await run(second).then(
      () => true,
      () => false,
    );
    fault.remove();
    if (requests > 300) throw new Error("it does not end");
    if (isDone) break;
    if (requests % 2 === 0) await run(second);
    await run(first);
    expect(await state()).toEqual(before);
  }
  expect(await state()).toEqual(wanted);
  expect(cmdletsOf(await run(second))).toEqual([]);
}, 60_000);

test.each<[string, FaultAction]>([
  ["loses answers", { kind: "loseAnswer" }],
  ["drops connections", { kind: "dropConnection" }],
  ["answers 429", { kind: "refuse", refusal: { status: 429, retryAfter: 0 } }],
  ["answers 500", { kind: "refuse", refusal: { status: 500 } }],
  ["answers 503", { kind: "refuse", refusal: { status: 503 } }],
])("Exchange that %s again and again changes nothing of the result", async (_does, action) => {
  const { run, subject, state } = await prepareGrantTenant(tenant);
  const declared = subject({
    groups: ["Help Desk"],
    roles: [{ role: "Mail Recipients", recipientFilter: sales }],
  });
  await run(declared);
  const wanted = await state();
  await run(declared, { remove: true });
  onTestFinished(() => tenant.server.faults.clear());
  for (let index = 0; index < 40; index++)
    tenant.server.faults.add({ path: /InvokeCommand/ }, action, 1, index);
  await run(declared);
  tenant.server.faults.clear();
  expect(await state()).toEqual(wanted);
});

test("Security & Compliance has its own membership and its own record of it", async () => {
  const { run, subject } = await prepareGrantTenant(tenant);
  const declared = subject({}, { groups: ["Security Reader"] });
  const result = await run(declared);
  expect(result.grants.map(({ service, steps }) => [service, steps.map(({ cmdlet }) => cmdlet)])).toEqual([
    ["exchangeOnline", []],
    ["securityAndCompliance", ["New-ServicePrincipal", "New-RoleGroup", "Add-RoleGroupMember"]],
  ]);
  expect(cmdletsOf(await run(declared))).toEqual([]);
  expect(cmdletsOf(await run(subject({})))).toEqual([
    "Remove-RoleGroupMember",
    "Remove-RoleGroup",
    "Remove-ServicePrincipal",
  ]);
});

test("an identity with Role Management alone suffices, and one without is told what it lacks", async () => {
  const { run, subject, admin, job } = await prepareGrantTenant(tenant);
  const declared = subject({ groups: ["Help Desk"] });
  const granter = await createApplication(tenant, { roles: [] });
  const as = {
    clientId: granter.appId,
    access: (one: typeof declared, service: "exchangeOnline" | "securityAndCompliance") =>
      roleAccess(one, service, {
        identity: granter.identity,
        endpoints: tenant.endpoints,
        signal: new AbortController().signal,
        retryDelayMs: 1,
      }),
  };
  await expect(run(declared, as)).rejects.toMatchObject({
    code: "EXO_AUTH_SERVICE",
    reason: "authentication",
    message: expect.stringMatching(
      /^The identity lacks rights in Exchange Online of contoso\.onmicrosoft\.com: .* It needs Exchange\.ManageAsApp, and the management role `Role Management` in that service\. Or run `exo-auth grant --print`, and let an administrator run what it prints\.$/,
    ),
  });
  await admin("New-ServicePrincipal", {
    AppId: granter.appId,
    ObjectId: granter.servicePrincipalObjectId,
  });
  await admin("New-RoleGroup", {
    Name: "Granters",
    Roles: ["Role Management"],
    Members: [granter.appId],
    ManagedBy: "Organization Management",
  });
  const result = await run(declared, as);
  expect(
    result.grants.map(({ service, steps, notRead }) => [service, steps.length, notRead !== undefined]),
  ).toEqual([
    ["exchangeOnline", 3, false],
    ["securityAndCompliance", 0, true],
  ]);
  await expect(run(declared, { clientId: job.appId })).rejects.toThrow(
    new Failure(
      "EXO_AUTH_USAGE",
      `The identity that changes Exchange is application ${job.appId}, which is component "exchange" itself. Use a separate identity (docs/leastPrivilege.md).`,
    ),
  );
});

test("a role that only an ID names is not given, because nobody sees that it is Role Management", async () => {
  const { run, subject, state } = await prepareGrantTenant(tenant);
  const role = "7e3cf4d9-6c2b-4f1e-9f52-3c2a1d0b9e87";
  await expect(run(subject({ roles: [{ role }] }))).rejects.toThrow(
    `Component "exchange" declares "${role}". Nobody sees what an ID or a path gives. Declare the name that Exchange shows, and run \`pulumi up\`.`,
  );
  expect((await state()).principals).toEqual([]);
});

test.each([
  [{ groups: ["organization management"] }, "organization management"],
  [{ roles: [{ role: "Role Management" }] }, "Role Management"],
])("%j needs a switch", async (declared, name) => {
  const { run, subject } = await prepareGrantTenant(tenant);
  await expect(run(subject(declared))).rejects.toThrow(
    new Failure(
      "EXO_AUTH_USAGE",
      `Component "exchange" declares "${name}". With it, a job can give itself every right in Exchange. Declare less, or confirm with --allow-role-management.`,
    ),
  );
  expect(cmdletsOf(await run(subject(declared), { allowRoleManagement: true }))).toContain(
    "Add-RoleGroupMember",
  );
});

test("a role group that is missing, and one of another with its own name, stop it before any change", async () => {
  const { run, subject, admin, state } = await prepareGrantTenant(tenant);
  await expect(run(subject({ groups: ["Nobody", "Help Desk"] }))).rejects.toThrow(
    'There is no role group "Nobody" in Exchange Online of contoso.onmicrosoft.com. Correct `exchangeRoleGroups` of component "exchange" and run `pulumi up`, or create the role group.',
  );
  const declared = subject({ groups: ["Help Desk"] });
  const own = ownName(declared);
  await admin("New-RoleGroup", { Name: own, ManagedBy: "Organization Management" });
  await expect(run(declared)).rejects.toThrow(
    `The role group "${own}" in Exchange Online of contoso.onmicrosoft.com has the name that exo-auth uses for component "exchange", but not its description. Find out who created it, and remove it.`,
  );
  expect(await state()).toMatchObject({ principals: [], memberships: [] });
});

test("what an earlier application left is named, and left alone", async () => {
  const { run, subject, state, job } = await prepareGrantTenant(tenant);
  const declared = subject({ groups: ["Help Desk"] });
  const before = { ...declared, stack: "old" };
  await run(before);
  const own = ownName(before);
  const { grants } = await run(
    { ...before, servicePrincipalObjectId: job.applicationObjectId },
    { apply: false },
  );
  expect(grants[0]?.notes).toEqual([
    `Left alone: the role group "${own}" was created for this component with another application, or somebody renamed it. If nothing uses it, remove it: Remove-RoleGroup -Identity '${own}' -Confirm:$false`,
  ]);
  // The same application, whose stack was renamed.
  expect((await run(declared)).grants[0]?.notes).toEqual([
    `Left alone: the role group "${own}" was created by exo-auth for exchange-auth/old, component exchange, with this application. If that stack was renamed or is gone, remove it: Remove-RoleGroup -Identity '${own}' -Confirm:$false`,
  ]);
  expect((await state()).ownGroups.map(({ Name }) => Name)).toEqual([own, ownName(declared)]);
});

test("a refused change says what was made before", async () => {
  const { run, subject } = await prepareGrantTenant(tenant);
  await expect(run(subject({ roles: [{ role: "Help Desk Role" }] }))).rejects.toThrow(
    /couldn't be found\..* 2 changes were made before\. Run the command again\. It goes on from there\.$/,
  );
});

function cmdletsOf({ grants }: GrantResult): readonly string[] {
  return grants.flatMap(({ steps }) => steps.map(({ cmdlet }) => cmdlet));
}
