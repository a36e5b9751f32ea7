import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import type { MetRequest } from "../../../sandbox/faultTable/grantRun.ts";
import { deployGrantStack, grantSeed, type GrantStack } from "../../../sandbox/faultTable/grantStack.ts";
import { killGrant } from "../../../sandbox/faultTable/killGrant.ts";

// The fault table's last column for `exo-auth grant`, whose other columns are tests/operations/grant/grantFaults.test.ts.
let sandbox: Sandbox;
let deployed: GrantStack;
let requests: readonly MetRequest[];
/** What the tenant has once everything is given. */
let wanted: string;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: [grantSeed] } });
  deployed = await deployGrantStack(sandbox);
  const { grantRun } = deployed;
  // Changes, and the first and the last cmdlet: `npm run faults:grant` has the other requests, too.
  requests = (await grantRun.requests()).filter(({ name }) => name.includes(": "));
  wanted = await grantRun.given();
  await grantRun.run({ remove: true });
});
afterAll(() => sandbox.close());

test("killed before the answer to any change: run again, it ends in the declared state", async () => {
  const { stack, grantRun } = deployed;
  for (const request of requests) {
    // oxlint-disable-next-line no-await-in-loop -- they change one tenant.
    expect([request.name, await killGrant(stack, sandbox.tenant, request)]).toEqual([request.name, true]);
    // oxlint-disable-next-line no-await-in-loop
    const again = await stack.run("exo-auth", ["grant", "--yes"]);
    expect([request.name, again.exitCode, again.stderr]).toEqual([request.name, 0, expect.any(String)]);
    // oxlint-disable-next-line no-await-in-loop
    expect([request.name, await grantRun.given()]).toEqual([request.name, wanted]);
    // oxlint-disable-next-line no-await-in-loop
    await grantRun.run({ remove: true });
  }
});
