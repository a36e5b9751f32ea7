import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createSandbox, deployerOf, type Sandbox } from "../../sandbox/createSandbox.ts";
import type { TenantSeed } from "../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { directoryOf, expectNoChanges, up } from "./support.ts";

// One tenant for each test, all on one server, so that the tests run side by side.
const names = ["lagging", "owned", "denied", "answerless"] as const;
const seeds = Object.fromEntries(names.map((name, index) => [name, seedOf(name, index)]));

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: Object.values(seeds) } });
});

afterAll(() => sandbox.close());

function seedOf(name: string, index: number): TenantSeed {
  const id = (kind: number): string => `0000000${kind}-0000-4000-8000-00000000000${index}`;
  return {
    tenantId: id(1),
    initialDomain: `${name}.onmicrosoft.com`,
    deployer: { clientId: id(2), clientSecret: `${name}-secret` },
  };
}

/** A stack in its own tenant, and what its tenant holds beside what was there before. */
async function stackOf(name: (typeof names)[number]): Promise<{
  readonly tenantId: string;
  readonly stack: StackWorkspace;
  readonly made: () => Promise<readonly string[]>;
}> {
  const seed = seeds[name]!;
  const empty = await directoryOf(sandbox.tenant, seed);
  return {
    tenantId: seed.tenantId,
    stack: await sandbox.stack(name, { deployer: deployerOf(seed) }),
    made: async () => {
      const paths = await directoryOf(sandbox.tenant, seed);
      return paths.filter((path) => !empty.includes(path)).map((path) => path.replace(/\/[^/]+$/, ""));
    },
  };
}

const declared = ["/applications", "/roleManagement/directory/roleAssignments", "/servicePrincipals"];

describe.concurrent("`pulumi up` where the tenant is unkind", () => {
  test("waits while no object has replicated, and names the `up` that ends the deployer's ownership", async () => {
    const { tenantId, stack, made } = await stackOf("lagging");
    // A consent that is not found right after its POST is one that azuread forgets: `exo-auth repair` imports it.
    sandbox.tenant.faults.lag({ tenantId, path: /^(?!.*\/appRoleAssignedTo\/)/ }, 3000);

    const first = await up(stack);

    expect(first.exitCode).toBe(0);
    expect(first.messages).toContain(
      "The deploying identity still owns it, and can add credentials to it. To end that, run `pulumi up --refresh` next.",
    );
    expect(await made()).toEqual(declared);
    const second = await up(stack, "--refresh");
    expect(second.exitCode).toBe(0);
    expect(second.changes.filter((change) => change.includes("azuread:ServicePrincipal"))).toEqual([
      "refresh azuread:ServicePrincipal exchange",
      "update azuread:ServicePrincipal exchange",
    ]);
    expect(await expectNoChanges(stack)).toBe(0);
  });

  test("makes no second application where the first was not finished", async () => {
    const { tenantId, stack, made } = await stackOf("owned");
    sandbox.tenant.faults.refuse(
      { tenantId, method: "DELETE", path: /\/applications\/.*\/owners/ },
      { status: 404 },
      1,
    );

    const { exitCode, messages } = await up(stack);

    expect(exitCode).not.toBe(0);
    expect(messages).toContain("Could not remove initial owner from application");
    expect(messages).toContain(
      "exchange: the application was created, but not finished. The state knows it. Run `pulumi up --refresh` to finish it.",
    );
    expect(await made()).toEqual(["/applications"]);
    expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });
    expect(await made()).toEqual(declared);
    expect(await expectNoChanges(stack)).toBe(0);
  });

  test("fails at once where it is refused, and explains what azuread says", async () => {
    const { tenantId, stack } = await stackOf("denied");
    const refused = { tenantId, method: "POST", path: /\/roleAssignments$/ };
    const fault = sandbox.tenant.faults.refuse(refused, { status: 403 });

    const { exitCode, messages } = await up(stack);

    expect(exitCode).not.toBe(0);
    expect(fault.hits).toBe(1);
    expect(messages).toContain("403 (403 Forbidden) with error: Authorization_RequestDenied");
    expect(messages).toContain(
      "exchange-exchange-administrator: the deploying identity may not write the role assignment. Grant it the permission RoleManagement.ReadWrite.Directory of Microsoft Graph",
    );
  });

  test("doubles no assignment whose answer was lost, and names `exo-auth repair`", async () => {
    const { tenantId, stack, made } = await stackOf("answerless");
    sandbox.tenant.faults.loseAnswer({ tenantId, method: "POST", path: /\/roleAssignments$/ }, 1);

    const { exitCode, messages } = await up(stack);

    expect(exitCode).not.toBe(0);
    expect(messages).toContain(
      "exchange-exchange-administrator: the role assignment is in the tenant already, but the state does not know it. An answer was lost, or somebody created it by hand. Run `exo-auth repair`",
    );
    expect(await made()).toEqual(declared);
  });
});
