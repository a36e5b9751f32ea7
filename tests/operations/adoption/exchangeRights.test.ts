import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../../../graph/signIn.ts";
import { readAdoption } from "../../../operations/adoption/adopt.ts";
import type { DiscoveredApplication, DiscoverResult } from "../../../operations/adoption/discover.ts";
import { discover } from "../../../operations/adoption/discover.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { openTenant } from "../../../operations/tenant/openTenant.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { type GrantTenant, prepareGrantTenant } from "../grant/exchangeTenant.ts";
import { type CallGraph, grantPermission } from "./foreignTools.ts";

let tenant: TestTenant;
let granted: GrantTenant;
/** In Organization Management, and nothing else. */
let hidden: TestApplication;
/** May read all of it. */
let reader: TestApplication;

const reads = [...auditPermissions, ...optionalAuditPermissions, "AuditLog.Read.All"];
const bare = { consent: false, roles: [] };

beforeAll(async () => {
  tenant = await startTestTenant();
  granted = await prepareGrantTenant(tenant);
  hidden = await createApplication(tenant, bare);
  await join(hidden, "Organization Management");
  reader = await makeReader([...reads, "Domain.Read.All"]);
});

afterAll(() => tenant.server.close());

async function makeReader(
  permissions: readonly string[],
  options: Parameters<typeof createApplication>[1] = {
    roles: ["Global Reader"],
    securityAndCompliance: true,
  },
): Promise<TestApplication> {
  const made = await createApplication(tenant, options);
  for (const permission of permissions)
    // oxlint-disable-next-line no-await-in-loop
    await grantPermission(graph, made.servicePrincipalObjectId, permission);
  return made;
}

const graph: CallGraph = (method, path, body) => tenant.write(method, path, body);

async function know({
  appId,
  servicePrincipalObjectId,
}: Pick<TestApplication, "appId" | "servicePrincipalObjectId">): Promise<void> {
  const known = { AppId: appId, ObjectId: servicePrincipalObjectId, DisplayName: "Jobs" };
  await granted.admin("New-ServicePrincipal", known);
}

/** Makes an application known to Exchange Online, and puts it into one of its role groups. */
async function join({ appId, servicePrincipalObjectId }: TestApplication, group: string): Promise<void> {
  await know({ appId, servicePrincipalObjectId });
  await granted.admin("Add-RoleGroupMember", { Identity: group, Member: servicePrincipalObjectId });
}

async function look(identity: Identity = reader.identity): Promise<DiscoverResult> {
  const signal = new AbortController().signal;
  const opened = await openTenant({ identity, cloud: "global", env: tenant.env }, { signal });
  return discover({ ...opened, signal, mail: false, now: new Date(), progress: () => undefined });
}

function of(result: DiscoverResult, { appId }: TestApplication): DiscoveredApplication {
  const found = result.applications.find((one) => one.appId === appId);
  if (found === undefined) throw new Error(`${appId} is not among what was discovered`);
  return found;
}

const group = (name: string) => `role groups and roles of ${name}`;

test("an application that is in a role group alone is found, with a finding as of the audit", async () => {
  const result = await look();
  expect(result.notRead).toEqual([]);
  const { access, findings, declaration } = of(result, hidden);
  expect(access).toEqual(['role group "Organization Management" of Exchange Online']);
  const id = hidden.servicePrincipalObjectId;
  expect(findings.filter(({ id: finding }) => finding.includes("EXCHANGE"))).toEqual([
    {
      id: "EXO-AUDIT-EXCHANGE-ROLE-GROUP",
      title: "Role group of Exchange that the application is in",
      severity: "critical",
      why: "The application can do what the role group allows. No role of Entra shows it.",
      source: "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2",
      check: "Roles of Exchange Online itself",
      subject: "Exchange Online: Organization Management",
      found: "the application is in it",
      declared: "none",
      remedy: `Remove-RoleGroupMember -Identity 'Organization Management' -Member '${id}' -BypassSecurityGroupManagerCheck:$true -Confirm:$false`,
    },
  ]);
  expect(declaration?.settings.roles).toEqual([]);
  expect(declaration?.undeclared).toEqual([
    {
      title: 'role group "Organization Management" of Exchange Online',
      choice:
        "remove it: with it, the application can give itself every right of the service. If it must stay, declare it in `exchangeRoleGroups` and run `exo-auth grant` with --allow-role-management, or accept it in .exo-auth",
    },
  ]);
});

test("role groups of both services stand next to what Entra gives", async () => {
  const { job, run, subject: declare } = granted;
  await run(declare({ groups: ["Help Desk"] }, { groups: ["Security Reader"] }));
  const { access, findings, declaration } = of(await look(), job);
  const groups = [
    'role group "Help Desk" of Exchange Online',
    'role group "Security Reader" of Security & Compliance',
  ];
  expect(access).toEqual([
    "Exchange.ManageAsApp of Office 365 Exchange Online",
    "Exchange.ManageAsApp of Microsoft Exchange Online Protection",
    ...groups,
  ]);
  expect(findings.slice(-2).map(({ severity, subject }) => [severity, subject])).toEqual([
    ["high", "Exchange Online: Help Desk"],
    ["high", "Security & Compliance: Security Reader"],
  ]);
  expect(declaration?.settings).toMatchObject({
    exchangeRoleGroups: ["Help Desk"],
    complianceRoleGroups: ["Security Reader"],
  });
  expect(declaration?.undeclared).toEqual([]);
});

test("a service principal that Entra no longer has is named, and is no application", async () => {
  const gone = await createApplication(tenant, bare);
  await join(gone, "Recipient Management");
  await tenant.write("DELETE", `/servicePrincipals/${gone.servicePrincipalObjectId}`);
  const { applications, notRead } = await look();
  expect(applications.filter(({ appId }) => appId === gone.appId)).toEqual([]);
  expect(notRead).toEqual([
    {
      what: `service principal ${gone.servicePrincipalObjectId} in role group "Recipient Management" of Exchange Online`,
      reason: "Entra has no such service principal. Its application may have been deleted",
      denied: false,
      optional: true,
    },
  ]);
});

test("where role groups may not be read, all else is found, and each service says what is missing", async () => {
  const optional = { denied: true, optional: true };
  const blind = await makeReader(reads, bare);
  expect((await look(blind.identity)).notRead).toEqual(
    ["Exchange Online", "Security & Compliance"].map((name) => ({
      what: group(name),
      reason: `the identity lacks the permission Exchange.ManageAsApp for ${name}`,
      ...optional,
    })),
  );
  const roleless = await makeReader([...reads, "Domain.Read.All"], { roles: [] });
  const { applications, notRead } = await look(roleless.identity);
  expect(applications.some(({ appId }) => appId === granted.job.appId)).toBe(true);
  expect(applications.some(({ appId }) => appId === hidden.appId)).toBe(false);
  expect(notRead).toEqual([
    {
      what: group("Exchange Online"),
      reason: "the identity lacks the management role View-Only Configuration in Exchange Online",
      ...optional,
    },
    {
      what: group("Security & Compliance"),
      reason: "the identity lacks the permission Exchange.ManageAsApp for Security & Compliance",
      ...optional,
    },
  ]);
  const homeless = await makeReader(reads, { securityAndCompliance: true });
  expect((await look(homeless.identity)).notRead).toContainEqual({
    what: group("Security & Compliance"),
    reason: "the identity lacks the application permission Domain.Read.All of Microsoft Graph",
    ...optional,
  });
});

test("each service is read once, no matter how many applications are in its role groups", async () => {
  const count = async (): Promise<number> => {
    tenant.server.clearRequests();
    await look();
    return tenant.server.requests.filter(({ path }) => path.endsWith("/InvokeCommand")).length;
  };
  const before = await count();
  const more = [await createApplication(tenant, bare), await createApplication(tenant, bare)];
  for (const one of more)
    // oxlint-disable-next-line no-await-in-loop
    await join(one, "Organization Management");
  expect(await count()).toBe(before);
  expect((await look()).applications.map(({ appId }) => appId)).toEqual(
    expect.arrayContaining(more.map(({ appId }) => appId)),
  );
});

test("an application that holds a management role alone is found, with how to declare it", async () => {
  const direct = await createApplication(tenant, bare);
  await know(direct);
  await granted.admin("New-ManagementScope", {
    Name: "Sellers",
    RecipientRestrictionFilter: "Department -eq 'Sales'",
  });
  const give = async (Name: string, Role: string, more: object = {}): Promise<void> => {
    await granted.admin("New-ManagementRoleAssignment", { Name, Role, App: direct.appId, ...more });
  };
  await give("a", "View-Only Recipients");
  await give("b", "Mail Recipients", { CustomResourceScope: "Sellers" });
  await give("c", "Role Management");
  await give("d", "Journaling", { Delegating: true });
  const { access, findings, declaration } = of(await look(), direct);
  expect(access).toEqual([
    'management role "View-Only Recipients" of Exchange Online, without a role group (a)',
    "management role \"Mail Recipients\" of Exchange Online, without a role group (b, over Department -eq 'Sales')",
    'management role "Role Management" of Exchange Online, without a role group (c)',
    'management role "Journaling" of Exchange Online, without a role group (d)',
  ]);
  expect(
    findings
      .filter(({ id }) => id === "EXO-AUDIT-EXCHANGE-ROLE")
      .map(({ severity, found, remedy }) => [severity, found, remedy]),
  ).toEqual(
    [
      ["high", "a"],
      ["high", "b"],
      ["critical", "c"],
      ["critical", "d"],
    ].map(([severity, name]) => [
      severity,
      `${name}, held by the application directly`,
      `Remove-ManagementRoleAssignment -Identity '${name}' -Confirm:$false`,
    ]),
  );
  expect(declaration?.settings.exchangeRoles).toEqual([
    { role: "View-Only Recipients" },
    { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
  ]);
  expect(declaration?.undeclared.map(({ title }) => title)).toEqual(access.slice(2));
});

test("a role group that holds Role Management is critical under any name, and is not declared", async () => {
  const quiet = await createApplication(tenant, bare);
  await granted.admin("New-RoleGroup", {
    Name: "Quiet",
    Roles: ["Role Management"],
    ManagedBy: "Organization Management",
  });
  await join(quiet, "Quiet");
  const { findings, declaration } = of(await look(), quiet);
  expect(findings.filter(({ id }) => id.includes("EXCHANGE-ROLE"))).toMatchObject([
    {
      severity: "critical",
      found: 'the application is in it, and it holds the role "Role Management" (Role Management-Quiet)',
    },
  ]);
  expect(declaration?.settings).not.toHaveProperty("exchangeRoleGroups");
  expect(declaration?.undeclared[0]?.choice).toContain("--allow-role-management");
});

test("adoption reads the same of one application, and says what it may not read", async () => {
  const { job, run, subject: declare } = granted;
  await run(declare({ groups: ["Help Desk"] }, { groups: ["Security Reader"] }));
  const adopt = async (identity: Identity) => {
    const signal = new AbortController().signal;
    const opened = await openTenant({ identity, cloud: "global", env: tenant.env }, { signal });
    const options = { appId: job.appId, isExisting: true, own: "exchange-auth p/s/", now: new Date() };
    return readAdoption({ ...opened, ...options, signal });
  };
  const seen = await adopt(reader.identity);
  expect([seen.notRead, seen.unread]).toEqual([[], []]);
  expect(seen.declaration.settings).toMatchObject({
    roles: [],
    exchangeRoleGroups: ["Help Desk"],
    complianceRoleGroups: ["Security Reader"],
  });
  const blind = await adopt((await makeReader(reads, bare)).identity);
  expect(blind.notRead.map(({ what, reason }) => [what, reason])).toEqual(
    ["Exchange Online", "Security & Compliance"].map((name) => [
      group(name),
      `the identity lacks the permission Exchange.ManageAsApp for ${name}`,
    ]),
  );
  expect(blind.declaration.settings).not.toHaveProperty("exchangeRoleGroups");
  expect(blind.unread).toEqual(["exchangeOnline", "securityAndCompliance"]);
});
