import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createSandbox, deployerOf, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { type LiveStack, subjectOf } from "../../../sandbox/faultTable/cell.ts";
import { disagreements, graphOf } from "../../../sandbox/faultTable/disagreements.ts";
import { nameGeneration, phases } from "../../../sandbox/faultTable/phase.ts";
import type { Fault, RequestMatcher, TenantSeed } from "../../../sandbox/tenant/index.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import { expectNoChanges, up, within } from "../support.ts";

// Objects that their tenant does not find for so many seconds of real time: the plugins wait as long as the official
// ones, and the tenant's clock is this machine's.
const names = ["all10", "all30", "most30"] as const;
const seeds: readonly TenantSeed[] = names.map((name, index) => ({
  tenantId: `00000001-0000-4000-8000-00000000000${index}`,
  initialDomain: `${name}.onmicrosoft.com`,
  deployer: { clientId: `00000002-0000-4000-8000-00000000000${index}`, clientSecret: `${name}-secret` },
}));

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
});

afterAll(() => sandbox.close());

/** A new stack in a tenant that lags. */
async function lagging(
  name: (typeof names)[number],
  seconds: number,
  requests: RequestMatcher = {},
): Promise<{ readonly subject: LiveStack; readonly lag: Fault }> {
  const { tenant } = sandbox;
  const seed = seeds[names.indexOf(name)]!;
  const stack = await sandbox.stack(name, { deployer: deployerOf(seed) });
  const patient = within(stack, { ...stack.env, SANDBOX_REAL_WAITS: "1" });
  const subject = await subjectOf(tenant, seed, patient);
  await nameGeneration(stack);
  return { subject, lag: tenant.faults.lag({ tenantId: seed.tenantId, ...requests }, seconds * 1000) };
}

/** What is not as declared, as a tenant tells that finds everything. */
async function disagreementsOf({ tenant, seed, stack, before }: LiveStack, lag: Fault): Promise<unknown> {
  lag.remove();
  return disagreements(await graphOf(tenant, seed), stack, before, phases[0]!.operation.declared);
}

const lost =
  "exchange-office365-exchange-online-exchange-manage-as-app: the consent to a permission was created, but Entra did not find it again, so the state does not know it. Wait a minute, because Entra may not find it sooner. Then run `exo-auth repair`, which finds what the state does not know. Then run `pulumi up`.";

describe.concurrent("objects that replicate late", () => {
  test("are waited for", { timeout: 600_000 }, async () => {
    const { subject, lag } = await lagging("most30", 30, { path: /^(?!.*\/appRoleAssignedTo\/)/ });

    expect(await up(subject.stack)).toMatchObject({ exitCode: 0 });

    // Who adopted the service principal still owns it, which `up` has said.
    expect(await up(subject.stack, "--refresh")).toMatchObject({ exitCode: 0 });
    expect(await disagreementsOf(subject, lag)).toEqual([]);
    expect(await expectNoChanges(subject.stack)).toBe(0);
  });

  // azuread looks for a consent once, right after it has made it, and forgets what it does not find.
  test.each([
    ["all10", 10],
    ["all30", 30],
  ] as const)(
    "%s: a consent that azuread has lost is found after the minute that is named",
    { timeout: 600_000 },
    async (name, seconds) => {
      const { subject, lag } = await lagging(name, seconds);

      const { exitCode, messages } = await up(subject.stack);

      expect(exitCode).not.toBe(0);
      expect(messages).toContain(lost);
      await setTimeout(60_000);
      const { stdout } = await subject.stack.run("exo-auth", ["repair", "--yes"]);
      expect(stdout).toMatch(/^Repaired\.\n✓ imported: exchange: consent [^\n]*\n/);
      expect(await up(subject.stack)).toMatchObject({ exitCode: 0 });
      expect(await up(subject.stack, "--refresh")).toMatchObject({ exitCode: 0 });
      expect(await disagreementsOf(subject, lag)).toEqual([]);
    },
  );
});
