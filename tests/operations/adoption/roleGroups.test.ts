import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../../../graph/signIn.ts";
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

/** Makes an application known to Exchange Online, and puts it into one of its role groups. */
async function join({ appId, servicePrincipalObjectId }: TestApplication, group: string): Promise<void> {
  const known = { AppId: appId, ObjectId: servicePrincipalObjectId, DisplayName: "Jobs" };
  await granted.admin("New-ServicePrincipal", known);
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

const group = (name: string) => `applications in role groups of ${name}`;

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
        "declare it in `exchangeRoleGroups` after `exo-auth adopt`, accept it in .exo-auth, or remove it",
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
  expect(declaration?.undeclared.map(({ title }) => title)).toEqual(groups);
  expect(declaration?.undeclared.at(1)?.choice).toContain("`complianceRoleGroups`");
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
