import { afterAll, beforeAll, expect, test } from "vitest";
import { timeText } from "../../../common/time.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { faultColumn, type FaultName, faultNames } from "../../../sandbox/faultTable/fault.ts";
import { createApplication, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { type GrantRun, type MetRequest, prepareGrantRun } from "../../../sandbox/faultTable/grantRun.ts";

// Every fault of the fault table on what `exo-auth grant` asks: whatever happens to a request, the command says so or gets
// over it, and run again it ends in the declared state. tests/engine/full/grantFaults.test.ts kills it.
let tenant: TestTenant;
let grantRun: GrantRun;
let requests: readonly MetRequest[];
/** What the tenant has once everything is given. */
let wanted: string;

beforeAll(async () => {
  tenant = await startTestTenant();
  const { seed, endpoints, server } = tenant;
  const job = await createApplication(tenant, { roles: [], securityAndCompliance: true });
  const { identity } = await createApplication(tenant, {
    roles: ["Global Administrator"],
    securityAndCompliance: true,
  });
  const owner = {
    project: "exchange-auth",
    stack: "contoso",
    component: "exchange",
    appId: job.appId,
    servicePrincipalObjectId: job.servicePrincipalObjectId,
    cloud: "global" as const,
    tenantId: seed.tenantId,
    tenantDomain: seed.initialDomain,
  };
  const until = timeText(Date.now() + 30 * 86_400_000);
  grantRun = prepareGrantRun({
    server,
    endpoints,
    identity,
    exchange: {
      ...owner,
      declared: {
        exchangeOnline: {
          groups: ["View-Only Organization Management"],
          roles: [{ role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" }],
        },
        securityAndCompliance: nothingDeclared,
      },
    },
    entra: {
      ...owner,
      declared: { timed: [{ roleTemplateId: templateIdOf("Global Reader"), until }], lasting: [] },
    },
  });
  requests = (await grantRun.requests()).filter(({ name }) => name.includes(": "));
  wanted = await grantRun.given();
  await grantRun.run({ remove: true });
});
afterAll(() => tenant.server.close());

test("every change meets every fault", () => {
  expect(requests.map(({ name }) => name.split(": ")[1])).toEqual([
    "the first",
    "the last",
    "adminAssign",
    "New-ServicePrincipal",
    "New-RoleGroup",
    "New-ManagementScope",
    "New-ManagementRoleAssignment",
    "Add-RoleGroupMember",
    "Add-RoleGroupMember, 2nd",
  ]);
});

test.each<FaultName>(faultNames.filter((name) => name !== "killed"))(
  "%s at any request: run again, it ends in the declared state",
  async (name) => {
    const { action } = faultColumn(name);
    const { run, given } = grantRun;
    for (const request of requests) {
      const fault = tenant.server.faults.add(request.matcher, action!, 1, request.skip);
      // oxlint-disable-next-line no-await-in-loop -- they change one tenant.
      const said = await run().then(
        () => "",
        (error: unknown) => String(error),
      );
      const isMet = fault.hits > 0;
      fault.remove();
      // oxlint-disable-next-line no-await-in-loop
      if (said !== "") await run();
      // oxlint-disable-next-line no-await-in-loop
      expect([request.name, isMet, await given()]).toEqual([request.name, true, wanted]);
      // oxlint-disable-next-line no-await-in-loop
      expect([request.name, await run()]).toEqual([request.name, []]);
      // oxlint-disable-next-line no-await-in-loop
      await run({ remove: true });
    }
  },
  60_000,
);
