import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { timeInWords } from "../../../common/time.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { justificationOf } from "../../../operations/timedRoles/observedTimedRoles.ts";
import { openTimedRoles } from "../../../operations/timedRoles/timedRoleAccess.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { administrator, prepareTimedTenant } from "./timedTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant({
    seeds: [
      {
        ...defaultSeed,
        deployer: {
          ...defaultSeed.deployer,
          permissions: [...deployerPermissions, "RoleManagement.ReadWrite.Directory"],
        },
        identities: [
          { name: "plain", clientId: "7b0e8f59-6c5e-4b67-9d0c-51d1c3f8a901", clientSecret: "plain" },
        ],
      },
    ],
  });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

const reader = templateIdOf("Global Reader");
const day = 86_400_000;

/** So many days from the tenant's time, in whole seconds. */
function inDays(days: number, now: () => number): string {
  return `${new Date(now() + days * day).toISOString().slice(0, 19)}Z`;
}

test("gives a role until its end, shows it first, and finds nothing to do afterwards", async () => {
  const { run, subject, roles, works, now } = await prepareTimedTenant(tenant);
  const until = inDays(10, now);
  const declared = subject({ [administrator]: until });
  expect(await works()).toBe(false);
  const shown = await run(declared, { apply: false });
  expect(shown?.steps.map(({ action, end }) => [action, end])).toEqual([["adminAssign", until]]);
  expect(await roles()).toEqual({});
  const done = await run(declared);
  expect(done?.steps).toEqual(shown?.steps);
  expect(done?.pending).toEqual([]);
  expect(await roles()).toEqual({ [administrator]: until });
  expect(await works()).toBe(true);
  expect((await run(declared))?.steps).toEqual([]);

  tenant.server.clock.advance(11 * day);
  onTestFinished(() => tenant.server.clock.advance(-11 * day));
  expect(await roles()).toEqual({});
  // The end is what was declared, so there is nothing to do.
  expect((await run(declared))?.steps).toEqual([]);
});

test("a permanent role gets its end, and the job signs in throughout", async () => {
  const { run, subject, roles, works, now } = await prepareTimedTenant(tenant, ["Exchange Administrator"]);
  const until = inDays(10, now);
  const results: boolean[] = [];
  const over = new AbortController();
  const watching = (async () => {
    // oxlint-disable-next-line no-await-in-loop -- one sign-in follows the other.
    while (!over.signal.aborted) results.push(await works());
  })();
  const { steps } = (await run(subject({ [administrator]: until })))!;
  over.abort();
  await watching;
  expect(steps.map(({ action }) => action)).toEqual(["adminUpdate"]);
  expect(await roles()).toEqual({ [administrator]: until });
  expect(results).not.toContain(false);
  expect(results.length).toBeGreaterThan(0);
});

test("is renewed until the program's end and no longer, as the tenant's rules let it", async () => {
  const { run, subject, roles, now } = await prepareTimedTenant(tenant);
  await allowDays(30);
  const until = inDays(50, now);
  const declared = subject({ [administrator]: until });
  const first = inDays(30, now);
  expect((await run(declared))?.notes[0]).toMatch(
    new RegExp(
      `^The tenant's rules let the role "Exchange Administrator" last P30D\\. It ends at .*, before ${timeInWords(until)}\\. Run this command again before it ends\\.$`,
    ),
  );
  expect(near(first, (await roles())[administrator])).toBe(true);
  expect((await run(declared))?.steps).toEqual([]);
  tenant.server.clock.advance(20 * day);
  onTestFinished(() => tenant.server.clock.advance(-20 * day));
  expect((await run(declared))?.steps.map(({ action, end }) => [action, end])).toEqual([
    ["adminUpdate", until],
  ]);
  expect((await run(declared))?.steps).toEqual([]);
  expect(await roles()).toEqual({ [administrator]: until });
});

test("takes away what is no longer declared, and what --remove says, and nothing that somebody else gave", async () => {
  const { run, subject, roles, job, now } = await prepareTimedTenant(tenant);
  const until = inDays(10, now);
  await run(subject({ [administrator]: until, [reader]: until }));
  await tenant.write("POST", "/roleManagement/directory/roleAssignmentScheduleRequests", {
    action: "adminAssign",
    principalId: job.servicePrincipalObjectId,
    roleDefinitionId: templateIdOf("Security Reader"),
    directoryScopeId: "/",
    justification: "Somebody else",
    scheduleInfo: { expiration: { type: "afterDateTime", endDateTime: until } },
  });
  const fewer = subject({ [reader]: until });
  expect((await run(fewer))?.steps.map(({ action, roleDefinitionId }) => [action, roleDefinitionId])).toEqual(
    [["adminRemove", administrator]],
  );
  expect(Object.keys(await roles()).toSorted()).toEqual([templateIdOf("Security Reader"), reader].toSorted());
  expect((await run(fewer, { remove: true }))?.steps.map(({ action }) => action)).toEqual(["adminRemove"]);
  expect(await roles()).toEqual({ [templateIdOf("Security Reader")]: until });
  // A component that declares nothing any more is still looked at.
  expect(await run(subject({}))).toBeUndefined();
});

test("says which right is missing, and goes without where nothing is declared", async () => {
  const { run, subject, now } = await prepareTimedTenant(tenant);
  const access = plainAccess();
  await expect(run(subject({ [administrator]: inDays(1, now) }), { access })).rejects.toThrow(
    /may not assign roles of Entra in contoso\.onmicrosoft\.com: .*RoleAssignmentSchedule\.ReadWrite\.Directory.*--only exchange/s,
  );
  expect(await run(subject({}), { access })).toBeUndefined();
});

test("the job itself gives itself nothing", async () => {
  const { run, subject, job } = await prepareTimedTenant(tenant);
  await expect(run(subject({}), { clientId: job.appId.toUpperCase() })).rejects.toThrow(
    `is application ${job.appId}, which is component "exchange" itself.`,
  );
});

test("explains rules that refuse an application, and a tenant without the license", async () => {
  const { run, subject, now } = await prepareTimedTenant(tenant);
  await changeRule("Enablement_Admin_Assignment", { enabledRules: ["MultiFactorAuthentication"] });
  await expect(run(subject({ [administrator]: inDays(1, now) }))).rejects.toThrow(
    /The rules of tenant contoso\.onmicrosoft\.com do not let an application assign the role like this: .*\["MfaRule"\].*An application has no second factor\./s,
  );
  const poor = await startTestTenant({ seeds: [{ ...defaultSeed, entraIdP2: false }] });
  onTestFinished(() => poor.server.close());
  const inPoor = await prepareTimedTenant(poor);
  await expect(inPoor.run(inPoor.subject({ [administrator]: inDays(1, now) }))).rejects.toThrow(
    /Tenant contoso\.onmicrosoft\.com has no license for roles with an end: .*Assign Entra ID P2/s,
  );
  expect(await inPoor.run(inPoor.subject({}))).toBeUndefined();
});

test("a new service principal that Graph does not know yet is waited for", async () => {
  const { run, subject, roles, now } = await prepareTimedTenant(tenant);
  const until = inDays(1, now);
  const fault = tenant.server.faults.add(
    { method: "POST", path: /roleAssignmentScheduleRequests/ },
    { kind: "refuse", refusal: { status: 404 } },
    2,
  );
  onTestFinished(() => fault.remove());
  const done = await run(subject({ [administrator]: until }), { waitMs: 60_000 });
  expect(done?.steps).toHaveLength(1);
  expect(await roles()).toEqual({ [administrator]: until });
});

test("its reason names the component", () => {
  const owner = { project: "p", stack: "s", component: "c", servicePrincipalObjectId: "o" };
  expect(justificationOf(owner)).toBe("Made by exo-auth for p/s, component c.");
});

function near(one: string, other: string | null | undefined): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other ?? "")) < 60_000;
}

function plainAccess() {
  const { endpoints, seed } = tenant;
  const identity = {
    kind: "secret" as const,
    tenantId: seed.tenantId,
    clientId: "7b0e8f59-6c5e-4b67-9d0c-51d1c3f8a901",
    clientSecret: "plain",
  };
  return (one: { readonly tenantId: string }) =>
    openTimedRoles(one, { identity, endpoints, signal: new AbortController().signal, retryDelayMs: 1 });
}

function allowDays(days: number): Promise<unknown> {
  return changeRule("Expiration_Admin_Assignment", {
    isExpirationRequired: true,
    maximumDuration: `P${days}D`,
  });
}

async function changeRule(rule: string, body: object): Promise<unknown> {
  const policy = `DirectoryRole_${tenant.seed.tenantId}_${administrator}`;
  return tenant.write("PATCH", `/policies/roleManagementPolicies/${policy}/rules/${rule}`, body);
}
