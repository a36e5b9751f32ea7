import { afterAll, beforeAll, expect, test } from "vitest";
import { createApplicationClient } from "../../../graph/applicationClient.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { blockApplication } from "../../../operations/tenant/block.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

test("a block ends every sign-in, and lifting it lets them in again", async () => {
  const application = await createApplication(tenant);
  const { appId, applicationObjectId, servicePrincipalObjectId } = application;
  const [component, ...rest] = exportedComponent("s", "p", "exchange");
  const ids = { appId, applicationObjectId, servicePrincipalObjectId, tenantId: tenant.seed.tenantId };
  const exported = exportOf([{ ...component, outputs: { ...component?.outputs, ...ids } }, ...rest]);
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const { graph } = tenant.endpoints;
  const run = (block: boolean) =>
    blockApplication({
      block,
      confirmed: true,
      tenant: {
        graph: createGraphClient(credential, graph),
        application: createApplicationClient(credential, graph),
      },
      env: makeCliFolder({ stdout: exported }).env,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
  const blocked = await run(true);
  expect(blocked).toMatchObject({ appId, blocked: true, before: false });
  expect(blocked.couldLift).toContainEqual(
    expect.stringMatching(/^Application\.ReadWrite\.All, which .+: service principal /),
  );
  await expect(signIn()).rejects.toMatchObject({ aadsts: 7000112 });
  expect(await run(false)).toMatchObject({ blocked: false, before: true });
  await expect(signIn()).resolves.toMatchObject({ tokenType: "Bearer" });

  function signIn() {
    return createCredential(application.identity, tenant.endpoints).getToken(
      tenant.endpoints.exchangeOnline.scope,
    );
  }
});
