import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { timeInWords, timeText } from "../../../common/time.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";
import { checkRoleRules, plannedTimedRoles } from "../../../operations/preflight/timedRoles.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { PlanStep } from "../../../stack/plan.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";

const administrator = templateIdOf("Exchange Administrator");
const reader = templateIdOf("Global Reader");
const day = 86_400_000;
const blind = {
  name: "blind",
  clientId: "7b0e8f59-6c5e-4b67-9d0c-51d1c3f8a904",
  clientSecret: "blind",
  permissions: [],
};

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: [blind] }] });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

test("nothing is asked where no role runs", async () => {
  tenant.server.clearRequests();
  expect(await check([])).toEqual([]);
  expect(tenant.server.requests).toEqual([]);
});

test("rules that allow the role", async () => {
  const until = later(300);
  await changeRule("Expiration_Admin_Assignment", { isExpirationRequired: false });
  await changeRule("Enablement_Admin_Assignment", { enabledRules: ["Justification"] });
  expect(await check([{ roleTemplateId: administrator, until }])).toEqual([
    {
      kind: "passed",
      message: `the tenant's rules allow "Exchange Administrator" until ${timeInWords(until)}`,
    },
  ]);
});

test("rules that ask for what an application does not have, and that let the role last less long", async () => {
  const until = later(300);
  await changeRule("Expiration_Admin_Assignment", {
    isExpirationRequired: true,
    maximumDuration: "P180D",
  });
  await changeRule("Enablement_Admin_Assignment", {
    enabledRules: ["Justification", "MultiFactorAuthentication", "Ticketing"],
  });
  const found = await check([
    { roleTemplateId: administrator, until },
    { roleTemplateId: administrator, until: later(100) },
  ]);
  const refused = {
    kind: "warning",
    cause: "timedRoleRefused",
    message:
      'The tenant\'s rules ask anyone who assigns "Exchange Administrator" for MultiFactorAuthentication and Ticketing, which an application does not have.',
    remedy:
      "Change the role's settings for active assignments in Privileged Identity Management, or let an administrator assign it.",
  };
  expect(found).toEqual([
    refused,
    {
      kind: "warning",
      cause: "timedRoleTooLong",
      message: `The tenant's rules let "Exchange Administrator" last P180D, so it ends before ${timeInWords(until)}.`,
      remedy: "Run `exo-auth grant --yes` again before it ends, such as every week. It renews the role.",
    },
    refused,
  ]);
});

test("rules that may not be read, and a tenant without the license", async () => {
  const role = { roleTemplateId: administrator, until: later(30) };
  expect(await check([role], blind)).toEqual([
    expect.objectContaining({
      kind: "warning",
      cause: "notChecked",
      message: expect.stringContaining("whether the tenant's rules allow the roles of `timedRoles`"),
    }),
  ]);
  const poor = await startTestTenant({ seeds: [{ ...defaultSeed, entraIdP2: false }] });
  try {
    const graph = createGraphClient(createCredential(poor.deployer, poor.endpoints), poor.endpoints.graph);
    expect(await checkRoleRules(graph, [role], poor.server.clock.now())).toEqual([
      {
        kind: "warning",
        cause: "timedRolesUnlicensed",
        message:
          "The tenant has no license for roles with an end, so `exo-auth grant` cannot give `timedRoles`.",
        remedy: "Assign Entra ID P2 or Entra ID Governance, or move the roles to `roles`.",
      },
    ]);
  } finally {
    await poor.server.close();
  }
});

const until = "2099-01-31T00:00:00Z";
const plain = { permissions: [], roleTemplateIds: [], userRoles: [] };
const timed = (...roles: readonly string[]) => ({
  ...plain,
  timedRoles: roles.map((roleTemplateId) => ({ roleTemplateId, until })),
});
const component = `urn:pulumi:s::p::${componentType}::exchange`;
const assignment = `urn:pulumi:s::p::${componentType}$${childTypes.directoryRoleAssignment}::exchange-a`;
const toGrant = {
  kind: "warning",
  cause: "timedRolesToGrant",
  message:
    'The update changes what component "exchange" declares of `timedRoles`, and does not give or take them.',
  remedy: "After the update, run `exo-auth grant --yes`.",
};

test.each([
  ["a new role", plain, timed(reader), [toGrant], [reader]],
  ["another role", timed(administrator), timed(reader), [toGrant], [reader]],
  ["a role that is declared no more", timed(reader), plain, [toGrant], []],
  ["the same role", timed(reader), timed(reader), [], [reader]],
  ["none", plain, plain, [], []],
])("an update with %s", (_what, before, after, findings, running) => {
  const planned = planOf([stepOf(component, "update", before, after)]);
  expect(planned.findings).toEqual(findings);
  expect(planned.running.map(({ roleTemplateId }) => roleTemplateId)).toEqual(running);
});

test("a role whose end has passed is none that the rules must allow", () => {
  const past = { ...plain, timedRoles: [{ roleTemplateId: reader, until: "2026-01-01T00:00:00Z" }] };
  expect(planOf([stepOf(component, "update", past, past)]).running).toEqual([]);
});

test("a move from `roles` to `timedRoles` would pause the role, and is the one thing that is said", () => {
  const principal = { servicePrincipalObjectId: "principal" };
  const before = stepOf(component, "update", plain, timed(administrator));
  const inputs = { roleId: administrator, principalObjectId: "principal" };
  const planned = planOf([
    { ...before, oldState: { ...before.oldState!, outputs: principal } },
    stepOf(assignment, "delete", inputs, undefined),
  ]);
  expect(planned.findings).toEqual([
    {
      kind: "obstacle",
      cause: "roleWouldPause",
      message:
        'Component "exchange" gets the role "Exchange Administrator" until 2099-01-31 00:00 UTC instead of without an end. The update would take it away, and `exo-auth grant` would give it only afterwards.',
      remedy:
        "Before the update, run `exo-auth grant --before-update --yes`. It changes the assignment itself, so no job is without the role.",
    },
  ]);
});

function planOf(steps: readonly PlanStep[]) {
  const plan = { steps: [...steps], diagnostics: [], changeSummary: {} };
  return plannedTimedRoles(plan, new Date("2026-11-28T00:00:00Z"));
}

function stepOf(
  urn: string,
  op: string,
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
): PlanStep {
  const of = (inputs: Record<string, unknown>) => ({
    urn,
    type: urn === component ? componentType : childTypes.directoryRoleAssignment,
    custom: urn !== component,
    delete: false,
    id: "",
    parent: urn === component ? "" : component,
    inputs,
    outputs: {},
    dependencies: [],
    initErrors: [],
  });
  return { op, urn, ...(before && { oldState: of(before) }), ...(after && { newState: of(after) }) };
}

async function check(
  running: Parameters<typeof checkRoleRules>[1],
  identity?: typeof blind,
): Promise<ReturnType<typeof checkRoleRules>> {
  const { deployer, endpoints, seed, server } = tenant;
  const credential = createCredential(
    identity === undefined ? deployer : { kind: "secret", tenantId: seed.tenantId, ...identity },
    endpoints,
  );
  return checkRoleRules(createGraphClient(credential, endpoints.graph), running, server.clock.now());
}

function later(days: number): string {
  return timeText(tenant.server.clock.now().getTime() + days * day);
}

async function changeRule(rule: string, body: object): Promise<void> {
  const policy = `DirectoryRole_${tenant.seed.tenantId}_${administrator}`;
  await tenant.write("PATCH", `/policies/roleManagementPolicies/${policy}/rules/${rule}`, body);
}
