import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RoleAudit } from "../../../operations/grant/auditRoles.ts";
import type { DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { assignmentName, ownName, scopeName } from "../../../operations/grant/ownNames.ts";
import type { Identity } from "../../../graph/signIn.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { auditGranted } from "./auditGranted.ts";
import { type GrantTenant, prepareGrantTenant } from "./exchangeTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: furtherIdentities }] });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

const sales = "Department -eq 'Sales'";
const declared: Partial<DeclaredRoles> = {
  groups: ["Help Desk"],
  roles: [{ role: "Mail Recipients", recipientFilter: sales }, { role: "Message Tracking" }],
};

test("what is as declared is no finding, and everything was read", async () => {
  const granted = await prepareGrantTenant(tenant);
  await granted.run(granted.subject(declared));
  const audited = await audit(granted, declared);
  expect({ ...audited, removalOf: undefined }).toEqual({
    checks: ["Roles of Exchange Online itself", "Roles of Security & Compliance itself"],
    findings: [],
    unread: [],
    removalOf: undefined,
  });
});

test("what was added behind the program's back is found, with the cmdlet that removes it, and removed", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, job, run, subject } = granted;
  const own = ownName(subject({}));
  await run(subject(declared));
  await admin("Add-RoleGroupMember", { Identity: "Organization Management", Member: job.appId });
  await admin("New-ManagementRoleAssignment", { Name: "direct", Role: "Journaling", App: job.appId });
  await admin("New-ManagementRoleAssignment", { Name: "more", Role: "Mail Tips", SecurityGroup: own });
  await admin("Add-RoleGroupMember", { Identity: own, Member: "reports@contoso.com" });
  const audited = await audit(granted, declared);
  const id = job.servicePrincipalObjectId;
  expect(audited.findings.map((one) => [one.id, one.severity, one.subject, one.remedy])).toEqual([
    [
      "EXO-AUDIT-EXCHANGE-ROLE-GROUP",
      "critical",
      expect.stringMatching(/^Exchange Online: Organization Management [0-9a-f]{32}$/),
      `Remove-RoleGroupMember -Identity 'Organization Management' -Member '${id}' -BypassSecurityGroupManagerCheck:$true -Confirm:$false`,
    ],
    [
      "EXO-AUDIT-EXCHANGE-ROLE",
      "high",
      expect.stringMatching(/^Exchange Online: Journaling [0-9a-f]{32}$/),
      "Remove-ManagementRoleAssignment -Identity 'direct' -Confirm:$false",
    ],
    [
      "EXO-AUDIT-EXCHANGE-ROLE",
      "high",
      expect.stringMatching(/^Exchange Online: Mail Tips [0-9a-f]{32}$/),
      "Remove-ManagementRoleAssignment -Identity 'more' -Confirm:$false",
    ],
    [
      "EXO-AUDIT-EXCHANGE-ROLE-GROUP-MEMBER",
      "medium",
      "Exchange Online: Reports",
      expect.stringMatching(`^Remove-RoleGroupMember -Identity '${own}' -Member '`),
    ],
  ]);
  // The reader may not remove anything.
  await expect(audited.removalOf(audited.findings[0]!)?.()).rejects.toThrow("is not allowed to call");
  const asOperator = await audit(granted, declared, {}, "operator");
  for (const finding of asOperator.findings) await asOperator.removalOf(finding)?.();
  expect((await audit(granted, declared)).findings).toEqual([]);
});

test("what is missing or was changed is found, and `exo-auth grant` puts it right", async () => {
  const granted = await prepareGrantTenant(tenant);
  const { admin, job, run, subject } = granted;
  const before = await audit(granted, declared);
  expect(before.findings.map((one) => [one.id, one.subject, one.found, one.remedy])).toEqual([
    [
      "EXO-AUDIT-EXCHANGE-ROLE-MISSING",
      "Exchange Online: Help Desk",
      "the application is not in it",
      "exo-auth grant --yes",
    ],
    [
      "EXO-AUDIT-EXCHANGE-ROLE-MISSING",
      `Exchange Online: ${ownName(subject({}))}`,
      "the application is not in it",
      "exo-auth grant --yes",
    ],
  ]);
  await run(subject(declared));
  const scoped = assignmentName(subject({}), declared.roles![0]!);
  await admin("Remove-RoleGroupMember", { Identity: "Help Desk", Member: job.appId });
  await admin("Remove-ManagementRoleAssignment", {
    Identity: assignmentName(subject({}), declared.roles![1]!),
  });
  await admin("Set-ManagementScope", {
    Identity: scopeName(subject({}), sales),
    RecipientRestrictionFilter: "Alias -like '*'",
  });
  const changed = await audit(granted, declared);
  expect(changed.findings.map((one) => [one.id, one.found, one.declared])).toEqual([
    ["EXO-AUDIT-EXCHANGE-ROLE-MISSING", "the application is not in it", "member"],
    [
      "EXO-AUDIT-EXCHANGE-ROLE-CHANGED",
      "Mail Recipients over the recipients with Alias -like '*'",
      `Mail Recipients over the recipients with ${sales}`,
    ],
    ["EXO-AUDIT-EXCHANGE-ROLE-MISSING", "none", "Message Tracking"],
  ]);
  expect(changed.removalOf(changed.findings[0]!)).toBeUndefined();
  await admin("Remove-ManagementRoleAssignment", { Identity: scoped });
  await admin("New-ManagementRoleAssignment", {
    Name: scoped,
    Role: "Mail Recipients",
    SecurityGroup: ownName(subject({})),
  });
  const widened = await audit(granted, declared);
  expect(widened.findings[1]).toMatchObject({
    id: "EXO-AUDIT-EXCHANGE-ROLE-CHANGED",
    found: "Mail Recipients over all recipients",
  });
  await run(subject(declared));
  expect((await audit(granted, declared)).findings).toEqual([]);
});

test("each service is compared with what is declared in it", async () => {
  const granted = await prepareGrantTenant(tenant);
  const compliance = { groups: ["Security Reader"] };
  await granted.run(granted.subject({}, compliance));
  expect((await audit(granted, {}, compliance)).findings).toEqual([]);
  expect((await audit(granted, {})).findings.map(({ subject, check }) => [subject, check])).toEqual([
    [
      expect.stringMatching(/^Security & Compliance: Security Reader [0-9a-f]{32}$/),
      "Roles of Security & Compliance itself",
    ],
  ]);
});

test.each<[string, (granted: GrantTenant) => Identity, RegExp]>([
  ["a person", () => ({ kind: "azureCli" }), /^a person's sign-in cannot read Exchange Online$/],
  [
    "an identity without the permission",
    () => tenant.deployer,
    /^the identity lacks the permission Exchange\.ManageAsApp for Exchange Online$/,
  ],
  [
    "an identity without a role",
    ({ job }) => job.identity,
    /^the identity lacks the management role View-Only Configuration in Exchange Online \(.*isn't supported in this scenario/,
  ],
])("%s reads nothing, and says so", async (_who, identity, reason) => {
  const granted = await prepareGrantTenant(tenant);
  const { findings, unread } = await audit(granted, declared, {}, identity(granted));
  expect(findings).toEqual([]);
  expect(unread).toHaveLength(2);
  expect(unread[0]).toEqual({
    check: "Roles of Exchange Online itself",
    reason: expect.stringMatching(reason),
    denied: true,
    optional: true,
  });
});

function audit(
  granted: GrantTenant,
  exchange: Partial<DeclaredRoles>,
  compliance: Partial<DeclaredRoles> = {},
  as: Identity | string = "reader",
): Promise<RoleAudit> {
  return auditGranted(tenant, granted, { exchange, compliance, as });
}
