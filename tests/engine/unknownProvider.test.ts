import { join } from "node:path";

import { expect, test } from "vitest";

import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../sandbox/tenant/index.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import { configure, outputs, sandboxForTest, up, within, writes } from "./support.ts";

// The engine answers the lookups of a provider that is not known yet with nothing, which no mock does.
test("a provider that another resource makes is not known at the first preview, and is no refusal", async () => {
  const { deployer, ...contoso } = defaultSeed;
  const permissions = [...deployerPermissions, "User.Read.All"];
  const sandbox = await sandboxForTest({
    tenant: { seeds: [{ ...contoso, deployer: { ...deployer, permissions } }] },
  });
  const project = join(repository, "tests/fixtures/unknownProvider");
  const first = await sandbox.stack("unknown", { project });
  // Nobody but the provider of the program knows who deploys.
  const stack = within(first, { ...first.env, ARM_CLIENT_ID: "", ARM_CLIENT_SECRET: "", ARM_TENANT_ID: "" });
  await configure(stack, {
    tenantId: contoso.tenantId,
    clientId: deployer.clientId,
    clientSecret: deployer.clientSecret,
    expectedTenantId: contoso.tenantId,
    user: contoso.users?.[0]?.userPrincipalName ?? "",
  });

  const preview = await stack.run("pulumi", ["preview", "--non-interactive"]);
  expect({ exitCode: preview.exitCode, stderr: preview.stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(preview.stdout).toContain("azuread:index:DirectoryRoleAssignment");
  expect(writes(sandbox.tenant)).toEqual([]);

  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await outputs(stack)).toMatchObject({ tenantDomain: contoso.initialDomain });

  // As soon as it is known it is compared.
  await configure(stack, { expectedTenantId: "11111111-1111-4111-8111-111111111111" });
  expect((await up(stack)).messages).toContain(
    '`expectedTenantId` is "11111111-1111-4111-8111-111111111111", but the azuread provider is signed in to',
  );
});
