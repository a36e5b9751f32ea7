import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Identity } from "../../../graph/signIn.ts";
import { readerPermissions } from "../../../microsoft/identityPermissions.ts";
import type { RoleAudit } from "../../../operations/grant/auditRoles.ts";
import type { DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { assignmentName, ownName, scopeName } from "../../../operations/grant/ownNames.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { auditGranted } from "./auditGranted.ts";
import { type GrantTenant, prepareGrantTenant } from "./exchangeTenant.ts";

// An identity without a role in Exchange, which may read its roles with Microsoft Graph.
const seen = { clientId: "6a1f3b52-7c0d-4e98-b1a4-2f9d8c5e7b31", clientSecret: "graph-reader-secret" };
let tenant: TestTenant;
let reader: Identity;

beforeAll(async () => {
  const shown = {
    name: "graphReader",
    ...seen,
    permissions: [...readerPermissions, "RoleManagement.Read.Exchange"],
  };
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: [...furtherIdentities, shown] }] });
  reader = { kind: "secret", tenantId: tenant.seed.tenantId, ...seen };
});
beforeEach(() => {
  tenant.server.faults.clear();
  tenant.server.reset();
});
afterAll(() => tenant.server.close());

const sales = "Department -eq 'Sales'";
const declared: Partial<DeclaredRoles> = {
  groups: ["Help Desk"],
  roles: [{ role: "Mail Recipients", recipientFilter: sales }, { role: "Message Tracking" }],
};

const note =
  /^the identity lacks the permission Exchange\.ManageAsApp for Exchange Online\. So its roles were read with Microsoft Graph, which does not show who is in a role group, who may give a role to others, or what a role was made from$/;

test("what is as declared is no finding, and what Graph does not show is named", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.run(granted.subject(declared));
  const { findings, unread } = await audit(granted, declared);
  expect(findings).toEqual([]);
  expect(unread).toEqual([
    {
      check: "Roles of Exchange Online itself",
      reason: expect.stringMatching(note),
      denied: true,
      optional: true,
    },
    {
      check: "Roles of Security & Compliance itself",
      reason: "the identity lacks the permission Exchange.ManageAsApp for Security & Compliance",
      denied: true,
      optional: true,
    },
  ]);
});

test("a role that was added is found, by its ID, which the cmdlet takes", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, job, run, subject } = granted;
  await run(subject(declared));
  await admin("New-ManagementRoleAssignment", { Name: "direct", Role: "Journaling", App: job.appId });
  await admin("New-ManagementRoleAssignment", {
    Name: "more",
    Role: "Role Management",
    SecurityGroup: ownName(subject({})),
  });
  const audited = await audit(granted, declared);
  expect(audited.findings.map((one) => [one.id, one.severity, one.subject, one.remedy])).toEqual([
    [
      "EXO-AUDIT-EXCHANGE-ROLE",
      "high",
      expect.stringMatching(/^Exchange Online: Journaling [0-9a-f]{32}$/),
      expect.stringMatching(/^Remove-ManagementRoleAssignment -Identity '[0-9a-f-]{36}' -Confirm:\$false$/),
    ],
    [
      "EXO-AUDIT-EXCHANGE-ROLE",
      "critical",
      expect.stringMatching(/^Exchange Online: Role Management [0-9a-f]{32}$/),
      expect.stringMatching(/^Remove-ManagementRoleAssignment -Identity '[0-9a-f-]{36}' -Confirm:\$false$/),
    ],
  ]);
  for (const { remedy } of audited.findings)
    await admin("Remove-ManagementRoleAssignment", { Identity: remedy.split("'")[1]! });
  expect((await audit(granted, declared)).findings).toEqual([]);
  // Who reads in Graph may not change Exchange.
  expect(audited.findings.map((finding) => audited.removalOf(finding))).toEqual([undefined, undefined]);
});

test("a finding has the subject that it has where Exchange itself is read, until the filter changes", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, job, run, subject } = granted;
  await run(subject(declared));
  await admin("New-ManagementScope", { Name: "wide", RecipientRestrictionFilter: sales });
  const wide = { Role: "Journaling", App: job.appId, CustomResourceScope: "wide" };
  await admin("New-ManagementRoleAssignment", { Name: "direct", ...wide });
  const more = { Role: "Mail Tips", SecurityGroup: ownName(subject({})) };
  await admin("New-ManagementRoleAssignment", { Name: "more", ...more });
  const subjects = async (as: Identity | string): Promise<readonly string[]> =>
    (await auditGranted(tenant, granted, { exchange: declared, as })).findings.map((one) => one.subject);
  const before = await subjects(reader);
  expect(before).toHaveLength(2);
  expect(await subjects("reader")).toEqual(before);
  await admin("Set-ManagementScope", { Identity: "wide", RecipientRestrictionFilter: "Alias -like '*'" });
  const after = await subjects(reader);
  expect(after).toEqual([expect.not.stringMatching(before[0]!), before[1]]);
  expect(await subjects("reader")).toEqual(after);
});

test("a declared role that is gone, and one over more recipients, are found", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, run, subject } = granted;
  const own = ownName(subject({}));
  expect((await audit(granted, declared)).findings.map((one) => [one.id, one.subject, one.found])).toEqual([
    ["EXO-AUDIT-EXCHANGE-ROLE-MISSING", "Exchange Online: Mail Recipients", "none"],
    ["EXO-AUDIT-EXCHANGE-ROLE-MISSING", "Exchange Online: Message Tracking", "none"],
  ]);
  await run(subject(declared));
  const scoped = assignmentName(subject({}), declared.roles![0]!);
  const scope = scopeName(subject({}), sales);
  await admin("Set-ManagementScope", { Identity: scope, RecipientRestrictionFilter: "Alias -like '*'" });
  await admin("Remove-ManagementRoleAssignment", {
    Identity: assignmentName(subject({}), declared.roles![1]!),
  });
  expect((await audit(granted, declared)).findings.map((one) => [one.id, one.found, one.declared])).toEqual([
    [
      "EXO-AUDIT-EXCHANGE-ROLE-CHANGED",
      "Mail Recipients over the recipients with Alias -like '*'",
      `Mail Recipients over the recipients with ${sales}`,
    ],
    ["EXO-AUDIT-EXCHANGE-ROLE-MISSING", "none", "Message Tracking"],
  ]);
  await admin("Remove-ManagementRoleAssignment", { Identity: scoped });
  await admin("New-ManagementRoleAssignment", { Name: scoped, Role: "Mail Recipients", SecurityGroup: own });
  expect((await audit(granted, declared)).findings[0]).toMatchObject({
    id: "EXO-AUDIT-EXCHANGE-ROLE-CHANGED",
    found: "Mail Recipients over all recipients",
  });
});

test("a role that the application holds itself, as declared, is not missing", async () => {
  const granted = await prepareGrantTenant(tenant);
  const roles = { roles: [{ role: "Journaling" }] };
  const { admin, job, subject } = granted;
  await granted.run(subject({ roles: [{ role: "Mail Tips" }] }));
  await admin("New-ManagementRoleAssignment", { Name: "before", Role: "Journaling", App: job.appId });
  await granted.run(subject(roles));
  expect((await audit(granted, roles)).findings).toEqual([]);
});

test("a declared role group that holds Role Management is found", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.admin("New-RoleGroup", { Name: "Ours", ManagedBy: "Organization Management" });
  await granted.admin("New-ManagementRoleAssignment", {
    Name: "hidden",
    Role: "Role Management",
    SecurityGroup: "Ours",
  });
  const { findings } = await audit(granted, { groups: ["Ours"] });
  expect(findings.map((one) => [one.id, one.severity, one.subject])).toEqual([
    [
      "EXO-AUDIT-EXCHANGE-ROLE-GROUP",
      "critical",
      expect.stringMatching(/^Exchange Online: Ours [0-9a-f]{32}$/),
    ],
  ]);
});

test("where Graph does not answer, nothing is found, and why is told", async () => {
  const granted = await prepareGrantTenant(tenant);
  tenant.server.faults.add(
    { path: /roleManagement\/exchange/ },
    { kind: "refuse", refusal: { status: 403 } },
  );
  const { findings, unread } = await audit(granted, declared);
  expect(findings).toEqual([]);
  expect(unread[0]?.reason).toMatch(
    /^the identity lacks the permission Exchange\.ManageAsApp for Exchange Online\. Microsoft Graph does not show its roles either: /,
  );
});

test("Graph is not asked by whoever reads Exchange itself, or lacks the permission", async () => {
  const granted = await prepareGrantTenant(tenant);
  tenant.server.clearRequests();
  await audit(granted, declared, "reader");
  await audit(granted, declared, tenant.deployer);
  expect(tenant.server.requests.filter(({ path }) => path.includes("/roleManagement/exchange"))).toEqual([]);
});

function audit(
  granted: GrantTenant,
  exchange: Partial<DeclaredRoles>,
  as: Identity | string = reader,
): Promise<RoleAudit> {
  return auditGranted(tenant, granted, { exchange, as });
}
