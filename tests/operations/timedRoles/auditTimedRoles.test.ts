import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { timeInWords } from "../../../common/time.ts";
import { createGraphClient, type GraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { auditTimedRoles } from "../../../operations/timedRoles/auditTimedRoles.ts";
import { observeActiveRoles } from "../../../operations/timedRoles/observedTimedRoles.ts";
import { timedRolesStatus, firstEnd } from "../../../operations/timedRoles/timedRoleStatus.ts";
import type { RecordState } from "../../../stack/record.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { administrator, prepareTimedTenant, type TimedTenant } from "./timedTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: [readerSeed, blindSeed] }] });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

const readerSeed = {
  name: "reader",
  clientId: "7b0e8f59-6c5e-4b67-9d0c-51d1c3f8a902",
  clientSecret: "reader",
  permissions: ["RoleManagement.Read.Directory"],
};
const blindSeed: typeof readerSeed = {
  name: "blind",
  clientId: "7b0e8f59-6c5e-4b67-9d0c-51d1c3f8a903",
  clientSecret: "blind",
  permissions: [],
};
const day = 86_400_000;
const name = "Exchange Administrator";

test("nothing is asked where nothing is declared", async () => {
  const prepared = await prepareTimedTenant(tenant);
  expect(await audited(prepared, {}, blindSeed)).toEqual({
    checks: [],
    findings: [],
    unread: [],
    roles: [],
  });
});

test("a declared role is missing, as declared, too long, without an end, too short, or over", async () => {
  const prepared = await prepareTimedTenant(tenant);
  const { run, subject, job, now } = prepared;
  const until = time(now() + 10 * day);
  const declared = { [administrator]: until };
  const about = {
    check: "Roles of Entra with an end",
    subject: `Entra: ${name}`,
    remedy: "exo-auth grant --yes",
  };
  const missing = { ...about, id: "EXO-AUDIT-TIMED-ROLE-MISSING", severity: "medium" };
  const changed = { ...about, id: "EXO-AUDIT-TIMED-ROLE-CHANGED", severity: "high" };

  const before = await audited(prepared, declared);
  expect(before.findings).toEqual([
    expect.objectContaining({ ...missing, found: "none", declared: `until ${timeInWords(until)}` }),
  ]);
  expect(before.roles).toEqual([{ roleTemplateId: administrator, until, name }]);

  await run(subject(declared));
  expect(await audited(prepared, declared)).toEqual({
    checks: ["Roles of Entra with an end"],
    findings: [],
    unread: [],
    roles: [{ roleTemplateId: administrator, until, name, end: until }],
  });

  const ask = (expiration: object) =>
    tenant.write("POST", "/roleManagement/directory/roleAssignmentScheduleRequests", {
      action: "adminUpdate",
      principalId: job.servicePrincipalObjectId,
      roleDefinitionId: administrator,
      directoryScopeId: "/",
      justification: "Somebody else",
      scheduleInfo: { expiration },
    });
  await ask({ type: "noExpiration" });
  expect((await audited(prepared, declared)).findings).toEqual([
    expect.objectContaining({
      ...changed,
      subject: "Entra: Exchange Administrator without an end",
      found: "without an end",
    }),
  ]);
  const later = time(now() + 20 * day);
  await ask({ type: "afterDateTime", endDateTime: later });
  expect((await audited(prepared, declared)).findings).toEqual([
    expect.objectContaining({
      ...changed,
      subject: `Entra: Exchange Administrator ${later}`,
      found: `until ${timeInWords(later)}`,
    }),
  ]);
  const sooner = time(now() + day);
  await ask({ type: "afterDateTime", endDateTime: sooner });
  const short = await audited(prepared, declared);
  expect(short.findings).toEqual([
    expect.objectContaining({ ...missing, found: `until ${timeInWords(sooner)}` }),
  ]);
  const status = timedRolesStatus(
    recorded(declared),
    { timedRoles: short.roles, unread: [] },
    new Date(now()),
  );
  expect(status.timedRoles).toEqual([{ role: name, until, daysLeft: 0, held: true, endsAt: sooner }]);
  expect(firstEnd(status)).toBe(Date.parse(sooner));

  // The end that the program declares has come, and somebody let the role last.
  const past = { [administrator]: time(now() - day) };
  expect((await audited(prepared, past)).findings).toEqual([
    expect.objectContaining({
      ...changed,
      subject: `Entra: Exchange Administrator ${sooner}`,
      found: `until ${timeInWords(sooner)}`,
    }),
  ]);
  await run(subject({ [administrator]: past[administrator]! }));
  expect((await audited(prepared, past)).findings).toEqual([]);
});

test("of two assignments of one role, the one that lasts longer decides", async () => {
  const value = [
    instance("declared", "2027-01-01T00:00:00Z"),
    instance("planted", null),
    instance("shorter", "2026-12-01T00:00:00Z"),
    instance("also planted", null),
  ];
  const graph: GraphClient = {
    read: (read) => read.finish({ value }, () => Promise.reject(new Error("no pages"))),
    batch: () => Promise.reject(new Error("no batch")),
  };
  const roles = await observeActiveRoles(graph, "principal");
  expect(roles.map(({ scheduleId }) => scheduleId)).toEqual([
    "planted",
    "also planted",
    "declared",
    "shorter",
  ]);
});

test("an end that the tenant's rules cut short is no finding until it is time to renew", async () => {
  const prepared = await prepareTimedTenant(tenant);
  const { run, subject, now } = prepared;
  const policy = `DirectoryRole_${tenant.seed.tenantId}_${administrator}`;
  await tenant.write(
    "PATCH",
    `/policies/roleManagementPolicies/${policy}/rules/Expiration_Admin_Assignment`,
    {
      isExpirationRequired: true,
      maximumDuration: "P30D",
    },
  );
  const declared = { [administrator]: time(now() + 100 * day) };
  await run(subject(declared));
  expect((await audited(prepared, declared)).findings).toEqual([]);
  tenant.server.clock.advance(20 * day);
  onTestFinished(() => tenant.server.clock.advance(-20 * day));
  expect((await audited(prepared, declared)).findings.map(({ id }) => id)).toEqual([
    "EXO-AUDIT-TIMED-ROLE-MISSING",
  ]);
});

test("who may not read the roles says so, and what right it takes", async () => {
  const prepared = await prepareTimedTenant(tenant);
  const declared = { [administrator]: time(prepared.now() + day) };
  const { unread, roles } = await audited(prepared, declared, blindSeed);
  expect(unread).toEqual([
    {
      check: "Roles of Entra with an end",
      reason: expect.stringMatching(
        /^the identity lacks the application permission RoleManagement\.Read\.Directory of Microsoft Graph \(/,
      ),
      denied: true,
      optional: true,
    },
  ]);
  expect(roles).toBeUndefined();
  const status = timedRolesStatus(
    recorded(declared),
    { timedRoles: roles, unread },
    new Date(prepared.now()),
  );
  expect(status).toEqual({
    timedRoles: [{ role: name, until: declared[administrator], daysLeft: 0 }],
    timedRolesNotRead: unread[0]?.reason,
  });
  expect(timedRolesStatus(recorded(declared), undefined, new Date(prepared.now()))).toMatchObject({
    timedRolesNotRead: "with --quiet, the tenant is not read",
  });
});

function instance(id: string, endDateTime: string | null) {
  return {
    roleAssignmentScheduleId: id,
    roleDefinitionId: administrator,
    directoryScopeId: "/",
    memberType: "Direct",
    endDateTime,
  };
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function recorded(timed: Readonly<Record<string, string>>): { readonly record: RecordState } {
  const timedRoles = Object.entries(timed).map(([roleTemplateId, until]) => ({ roleTemplateId, until }));
  const record = {
    permissions: [],
    roleTemplateIds: [],
    userRoles: [],
    ...(timedRoles.length > 0 && { timedRoles }),
  };
  return { record: { kind: "known", record } };
}

function audited({ job, now }: TimedTenant, timed: Readonly<Record<string, string>>, seed = readerSeed) {
  const { clientId, clientSecret } = seed;
  const identity = { kind: "secret" as const, tenantId: tenant.seed.tenantId, clientId, clientSecret };
  const graph = createGraphClient(createCredential(identity, tenant.endpoints), tenant.endpoints.graph);
  return auditTimedRoles({ ...recorded(timed), ...job }, graph, now);
}
