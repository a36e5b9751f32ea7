import { afterAll, beforeAll, expect, test } from "vitest";
import { readTenantStatus } from "../../operations/status.ts";
import { stackStateOf } from "../../stack/components.ts";
import { parseExport } from "../../stack/exportedState.ts";
import type { TestTenant } from "../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../graph/testTenant.ts";
import { exportedComponent, exportOf } from "../stack/exportedState.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

test("what the tenant says, and why it says nothing", async () => {
  const { applicationObjectId, servicePrincipalObjectId } = await createApplication(tenant);
  const [component] = stackStateOf(parseExport(exportOf(exportedComponent("s", "p", "exchange")))).components;
  const known = {
    ...component!,
    applicationObjectId,
    servicePrincipalObjectId,
    tenantId: tenant.seed.tenantId,
  };
  const { clientId, clientSecret } = tenant.seed.deployer;
  const env = {
    ...tenant.env,
    ARM_TENANT_ID: tenant.seed.tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
  };
  const { signal } = new AbortController();
  expect(await readTenantStatus(known, { env, signal })).toEqual({ application: "present" });
  await tenant.write("PATCH", `/servicePrincipals/${servicePrincipalObjectId}`, { accountEnabled: false });
  expect(await readTenantStatus(known, { env, signal })).toEqual({
    application: "present",
    servicePrincipalDisabled: true,
  });
  await tenant.write("DELETE", `/applications/${applicationObjectId}`);
  expect(await readTenantStatus(known, { env, signal })).toEqual({ application: "recycleBin" });
  await tenant.write("DELETE", `/directory/deletedItems/${applicationObjectId}`);
  expect(await readTenantStatus(known, { env, signal })).toEqual({ application: "gone" });
  expect(await readTenantStatus(known, { env: { ...env, ARM_CLIENT_SECRET: "wrong" }, signal })).toEqual({
    notRead: expect.stringMatching(/^AADSTS7000215: Invalid client secret provided\./),
  });
});
