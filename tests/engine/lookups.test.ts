import { expect, test } from "vitest";

import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../sandbox/tenant/index.ts";
import { configure, sandboxForTest, stateOf, up, writes } from "./support.ts";

test("whatever cannot be found is named at once, before anything is created", async () => {
  const { deployer, ...contoso } = defaultSeed;
  const permissions = [...deployerPermissions, "User.Read.All"];
  const sandbox = await sandboxForTest({
    tenant: { seeds: [{ ...contoso, deployer: { ...deployer, permissions } }] },
  });
  const stack = await sandbox.stack("contoso");
  await configure(stack, {
    existingClientId: "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c",
    "apiPermissions[0].resource": "MicrosoftGraph",
    "apiPermissions[0].permission": "User.ReadAll",
    "userRoleAssignments[0].userPrincipalName": "nobody@contoso.com",
    "userRoleAssignments[0].role": "Global Reader",
  });

  const { exitCode, messages } = await up(stack);

  const advice =
    "is not in this tenant. Check the value, and check that the azuread provider is signed in to the right tenant.";
  expect(exitCode).not.toBe(0);
  expect(messages.trim().split("\n").toSorted()).toEqual(
    [
      'ExchangeAppOnlyAuth "exchange" has 4 problems, nothing was created:',
      `  - The application of \`existingClientId\` "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c" ${advice}`,
      `  - The service principal of the client ID "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c" ${advice}`,
      '  - The permission "User.ReadAll" of the resource 00000003-0000-0000-c000-000000000000 is not an application permission of that resource in this tenant. Did you mean "User.Read.All"?',
      `  - The user "nobody@contoso.com" of \`userRoleAssignments\` ${advice}`,
    ].toSorted(),
  );
  expect(writes(sandbox.tenant)).toEqual([]);
  const created = (await stateOf(stack)).filter(({ type }) => !type.startsWith("pulumi:"));
  expect(created).toEqual([]);
});

test("where azuread cannot sign in, each lookup says so on one line", async () => {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso");
  sandbox.tenant.faults.refuse({ path: /\/oauth2\/v2\.0\/token/ }, { status: 429 });

  const { exitCode, messages } = await up(stack);

  expect(exitCode).not.toBe(0);
  const [title, ...problems] = messages.trim().split("\n");
  expect(title).toBe('ExchangeAppOnlyAuth "exchange" has 3 problems, nothing was created:');
  const reason =
    'could not be looked up: building client: unable to obtain access token: clientCredentialsToken: cannot request token: Post "TOKEN-ENDPOINT": POST TOKEN-ENDPOINT giving up after 5 attempt(s)';
  expect(
    problems.map((problem) => problem.replaceAll(/https:[^\s"]+/g, "TOKEN-ENDPOINT")).toSorted(),
  ).toEqual([
    `  - The service principal of the client ID "00000002-0000-0ff1-ce00-000000000000" ${reason}`,
    `  - The tenant ${reason}`,
    `  - The tenant's initial domain ${reason}`,
  ]);
});
