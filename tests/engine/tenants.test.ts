import { expect, test } from "vitest";

import { deployerOf } from "../../sandbox/createSandbox.ts";
import { defaultSeed, type TenantSeed } from "../../sandbox/tenant/index.ts";
import { configure, directoryOf, outputs, sandboxForTest, stateOf, up, writes } from "./support.ts";

const fabrikam: TenantSeed = {
  tenantId: "0e6b1c1a-6d5f-4c43-9a35-6a6c6f9f3c11",
  initialDomain: "fabrikam.onmicrosoft.com",
  deployer: { clientId: "c55c7b0e-3d0a-4f0f-8b5e-6f1d54c7e0aa", clientSecret: "fabrikam-deployer-secret" },
};

test("two stacks deploy to two tenants, each to its own", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [defaultSeed, fabrikam] } });
  const contosoStack = await sandbox.stack("contoso");
  const fabrikamStack = await sandbox.stack("fabrikam", { deployer: deployerOf(fabrikam) });
  const emptyFabrikam = await directoryOf(sandbox.tenant, fabrikam);

  expect(await up(contosoStack)).toMatchObject({ exitCode: 0 });
  expect(await directoryOf(sandbox.tenant, fabrikam)).toEqual(emptyFabrikam);
  expect(await up(fabrikamStack)).toMatchObject({ exitCode: 0 });

  const [contosoOutputs, fabrikamOutputs] = [await outputs(contosoStack), await outputs(fabrikamStack)];
  expect([contosoOutputs["tenantDomain"], fabrikamOutputs["tenantDomain"]]).toEqual([
    "contoso.onmicrosoft.com",
    "fabrikam.onmicrosoft.com",
  ]);
  expect(contosoOutputs["thumbprint"]).not.toBe(fabrikamOutputs["thumbprint"]);
});

test.for([
  [{ expectedTenantId: fabrikam.tenantId }, /`expectedTenantId` is "0e6b1c1a-[^]*signed in to "a7d4f3c2-/],
  [
    { cloud: "usGovernmentHigh" },
    /`cloud` is "usGovernmentHigh"[^]*initial domain is "contoso.onmicrosoft.com"/,
  ],
] as const)("where %j is not this tenant's, nothing is created", async ([settings, message]) => {
  const sandbox = await sandboxForTest();
  const contoso = await sandbox.stack("contoso");
  await configure(contoso, settings);

  const { exitCode, messages } = await up(contoso);

  expect(exitCode).not.toBe(0);
  expect(messages).toMatch(message);
  expect(writes(sandbox.tenant)).toEqual([]);
  expect((await stateOf(contoso)).filter(({ custom }) => custom).map(({ type }) => type)).toEqual([
    "pulumi:providers:azuread",
  ]);
});
