import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { readRoleManagement, roleManagementOf } from "../../../operations/grant/roleManagement.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { auditGranted } from "./auditGranted.ts";
import { type GrantTenant, prepareGrantTenant } from "./exchangeTenant.ts";
import { assignmentOf } from "./ownRoles.ts";

let tenant: TestTenant;
let granted: GrantTenant;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: furtherIdentities }] });
});
beforeEach(async () => {
  tenant.server.reset();
  granted = await prepareGrantTenant(tenant);
  await granted.admin("New-RoleGroup", { Name: "Helpers", ManagedBy: "Organization Management" });
});
afterAll(() => tenant.server.close());

test("of role groups, those are told that let their members give themselves every right", async () => {
  const assignments = new Map([
    ["Helpers", [assignmentOf("one", "Journaling"), assignmentOf("two", "nice helpers")]],
    ["Givers", [{ ...assignmentOf("three", "Journaling"), isDelegating: true }]],
    ["Admins", [assignmentOf("four", "Role Management")]],
    ["Readers", [assignmentOf("five", "Journaling")]],
  ]);
  const groups = [...assignments.keys()];
  const wide = new Map(
    ["Helpers", "Givers", "Admins"].map((name) => [name, assignments.get(name)?.at(-1)] as const),
  );
  const read = await readRoleManagement(
    {
      roleManagementRoles: async () => ["Nice Helpers"],
      assignments: async (group) => assignments.get(group) ?? [],
    },
    groups,
  );
  expect(read).toEqual({ roles: new Set(["nice helpers"]), groups: wide, held: assignments });
  // The same, of assignments that say who holds them.
  const together = [...assignments].flatMap(([group, all]) =>
    all.map((one) => ({ ...one, assignees: ["somebody", group.toLowerCase()] })),
  );
  const { groups: known } = roleManagementOf(["Nice Helpers"], together, groups);
  expect([...known].map(([group, { name }]) => [group, name])).toEqual([
    ["Helpers", "two"],
    ["Givers", "three"],
    ["Admins", "four"],
  ]);
});

/** Gives the role group what lets its members give themselves every other right. */
const ways: readonly [string, string, () => Promise<void>][] = [
  [
    "holds the role",
    'holds the role "Role Management" (hidden)',
    async () => {
      await give({ Role: "Role Management" });
    },
  ],
  [
    "holds a role that was derived from one derived from it",
    'holds the role "Nice helpers" (hidden)',
    async () => {
      const { admin } = granted;
      await admin("New-ManagementRole", { Name: "Nice people", Parent: "Role Management" });
      await admin("New-ManagementRole", { Name: "Nice helpers", Parent: "Nice people" });
      await give({ Role: "Nice helpers" });
    },
  ],
  [
    "may give a role",
    'may give the role "Journaling" to others and to itself (hidden)',
    async () => {
      await give({ Role: "Journaling", Delegating: true });
    },
  ],
];

async function give(parameters: object): Promise<void> {
  await granted.admin("New-ManagementRoleAssignment", {
    Name: "hidden",
    SecurityGroup: "Helpers",
    ...parameters,
  });
}

const audit = (exchange: Partial<DeclaredRoles>) => auditGranted(tenant, granted, { exchange });

test.each(ways)("a role group that %s is refused, whatever its name says", async (_does, held, prepare) => {
  await prepare();
  const { run, subject, state } = granted;
  const declared = subject({ groups: ["helpers"] });
  const before = await state();
  await expect(run(declared)).rejects.toThrow(
    `Component "exchange" declares the role group "helpers" of Exchange Online of contoso.onmicrosoft.com, which ${held}. With it, a job can give itself every right in Exchange. Declare less, or confirm with --allow-role-management.`,
  );
  expect(await state()).toEqual(before);

  await run(declared, { allowRoleManagement: true });
  expect((await state()).memberships).toEqual(["Helpers"]);
  // What was taken away needs no switch.
  await run(subject({}));
  expect((await state()).memberships).toEqual([]);
});

test("a role that was derived from Role Management is refused, and one of another parent is given", async () => {
  const { admin, run, subject, state } = granted;
  await admin("New-ManagementRole", { Name: "Nice helpers", Parent: "Role Management" });
  await admin("New-ManagementRole", { Name: "Readers", Parent: "View-Only Recipients" });
  await expect(run(subject({ roles: [{ role: "nice helpers" }] }))).rejects.toThrow(
    'Component "exchange" declares the role "nice helpers" of Exchange Online of contoso.onmicrosoft.com, which comes from "Role Management". With it',
  );
  const { length } = (await state()).assignments;
  await run(subject({ roles: [{ role: "Readers" }] }));
  expect((await state()).assignments).toHaveLength(length + 1);
  await granted.asJob("Get-Mailbox");
});

test.each(ways)(
  "audit calls it critical where a role group %s, declared or not",
  async (_does, held, prepare) => {
    const { admin, run, subject, job } = granted;
    await run(subject({ groups: ["Helpers"] }));
    expect((await audit({ groups: ["Helpers"] })).findings).toEqual([]);
    await prepare();
    const declared = await audit({ groups: ["Helpers"] });
    expect(
      declared.findings.map((one) => [one.id, one.severity, one.found, one.declared, one.remedy]),
    ).toEqual([
      [
        "EXO-AUDIT-EXCHANGE-ROLE-GROUP",
        "critical",
        `it ${held}`,
        "member",
        "Remove-ManagementRoleAssignment -Identity 'hidden' -Confirm:$false",
      ],
    ]);
    // Others may need what somebody else's role group holds.
    expect(declared.removalOf(declared.findings[0]!)).toBeUndefined();
    const undeclared = await audit({});
    expect(undeclared.findings.map(({ severity, found }) => [severity, found])).toEqual([
      ["critical", `the application is in it, and it ${held}`],
    ]);
    await admin("Remove-RoleGroupMember", { Identity: "Helpers", Member: job.appId });
    expect((await audit({})).findings).toEqual([]);
  },
);

test("audit calls a role critical that comes from Role Management, and one that lets give a role", async () => {
  const { admin, job, run, subject } = granted;
  await run(subject({ groups: ["Help Desk"] }));
  await admin("New-ManagementRole", { Name: "Nice helpers", Parent: "Role Management" });
  const direct = { App: job.appId };
  await admin("New-ManagementRoleAssignment", { Name: "one", Role: "Nice helpers", ...direct });
  await admin("New-ManagementRoleAssignment", {
    Name: "two",
    Role: "Journaling",
    Delegating: true,
    ...direct,
  });
  await admin("New-ManagementRoleAssignment", { Name: "three", Role: "Journaling", ...direct });
  const { findings } = await audit({ groups: ["Help Desk"] });
  expect(findings.map(({ severity, subject: what }) => [severity, what])).toEqual([
    ["critical", expect.stringMatching(/^Exchange Online: Nice helpers [0-9a-f]{32}$/)],
    ["critical", expect.stringMatching(/^Exchange Online: Journaling [0-9a-f]{32}$/)],
    ["high", expect.stringMatching(/^Exchange Online: Journaling [0-9a-f]{32}$/)],
  ]);
});

test("what an application holds directly is not given once more, and is not taken away", async () => {
  const { admin, job, run, subject, state } = granted;
  await admin("New-ServicePrincipal", { AppId: job.appId, ObjectId: job.servicePrincipalObjectId });
  await admin("Add-RoleGroupMember", { Identity: "Help Desk", Member: job.appId });
  await admin("New-ManagementScope", {
    Name: "Sellers",
    RecipientRestrictionFilter: "Department -eq 'Sales'",
  });
  await admin("New-ManagementRoleAssignment", { Name: "by hand", Role: "Message Tracking", App: job.appId });
  await admin("New-ManagementRoleAssignment", {
    Name: "scoped",
    Role: "Mail Recipients",
    App: job.appId,
    CustomResourceScope: "Sellers",
  });
  const roles = [
    { role: "Message Tracking" },
    { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
  ];
  const before = await state();
  const declared = subject({ groups: ["Help Desk"], roles });
  const taken = await run(declared);
  expect(taken.grants[0]?.steps.map(({ cmdlet }) => cmdlet)).toEqual(["New-RoleGroup"]);
  expect(taken.grants[0]?.notes).toEqual([
    'Given already: the application holds the role "Message Tracking" directly (by hand). exo-auth did not give it, so it does not take it away.',
    'Given already: the application holds the role "Mail Recipients" directly (scoped). exo-auth did not give it, so it does not take it away.',
  ]);
  expect(await state()).toMatchObject({
    principals: before.principals,
    memberships: before.memberships,
    assignments: before.assignments,
    scopes: before.scopes,
  });
  expect((await run(declared)).grants[0]?.steps).toEqual([]);

  // Over other recipients it is another role.
  const wider = await run(subject({ groups: ["Help Desk"], roles: [{ role: "Mail Recipients" }] }), {
    apply: false,
  });
  expect(wider.grants[0]?.steps.map(({ cmdlet }) => cmdlet)).toContain("New-ManagementRoleAssignment");
  // A membership that was taken over goes when it is no longer declared; what was given directly stays.
  await run(declared, { remove: true });
  expect(await state()).toMatchObject({
    memberships: [],
    assignments: before.assignments,
    ownGroups: [],
  });
});
