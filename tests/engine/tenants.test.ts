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
  const seeds = [defaultSeed, fabrikam];
  const sandbox = await sandboxForTest({ tenant: { seeds } });
  const stacks = await Promise.all(
    seeds.map((seed) =>
      sandbox.stack(seed.initialDomain.split(".")[0] ?? "", { deployer: deployerOf(seed) }),
    ),
  );

  const ups = await Promise.all(stacks.map((stack) => up(stack)));

  expect(ups.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const [inContoso, inFabrikam] = await Promise.all(stacks.map((stack) => outputs(stack)));
  expect(inContoso).toMatchObject({
    tenantDomain: "contoso.onmicrosoft.com",
    tenantId: defaultSeed.tenantId,
  });
  expect(inFabrikam).toMatchObject({ tenantDomain: "fabrikam.onmicrosoft.com", tenantId: fabrikam.tenantId });
  const applications = [inContoso, inFabrikam].map(
    (found) => `/applications/${String(found?.["applicationObjectId"])}`,
  );
  for (const [index, seed] of seeds.entries()) {
    const directory = await directoryOf(sandbox.tenant, seed);
    expect(applications.filter((path) => directory.includes(path))).toEqual([applications[index]]);
  }
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
