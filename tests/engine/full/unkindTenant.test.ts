import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { destroy, directoryOf, expectNoChanges, type Outcome, stateOf, up } from "../support.ts";

// The whole tenant is unkind, not one request.
let sandbox: Sandbox;

afterEach(() => sandbox.close());

describe("a tenant that throttles every third request", () => {
  beforeEach(async () => {
    sandbox = await createSandbox();
  });

  test("takes ten stacks at once, and lets them go", async () => {
    const { tenant } = sandbox;
    const before = await directoryOf(tenant);
    const stacks = await Promise.all(
      Array.from({ length: 10 }, (_, index) => sandbox.stack(`stack${index}`)),
    );

    const updates = await throttled(() => Promise.all(stacks.map((stack) => up(stack))));

    expect(updates.flatMap(failure)).toEqual([]);
    const states = await Promise.all(stacks.map((stack) => stateOf(stack)));
    const listed = /^azuread:.*:(Application|ServicePrincipal|DirectoryRoleAssignment)$/;
    const known = states.flat().flatMap(({ type, id }) => (listed.test(type) && id ? [id] : []));
    const made = (await directoryOf(tenant)).filter((path) => !before.includes(path));
    expect(made).toHaveLength(30);
    expect(known.toSorted()).toEqual(made);
    expect(await Promise.all(stacks.map(expectNoChanges))).toEqual(stacks.map(() => 0));

    const removals = await throttled(() => Promise.all(stacks.map((stack) => destroy(stack))));

    expect(removals.flatMap(failure)).toEqual([]);
    expect(await directoryOf(tenant)).toEqual(before);
  }, 900_000);
});

/** What a failed operation says. */
function failure({ exitCode, messages }: Outcome): readonly string[] {
  return exitCode === 0 ? [] : [`exit code ${exitCode}: ${messages}`];
}

/**
 * Sign-in and Graph count for themselves: azuread asks for a token five times at most, and must not be refused each time
 * because others' requests come between.
 */
const services = { signIn: /\/oauth2\/v2\.0\/token/, graph: /^\/(v1\.0|beta)\// };

/** Does something while sign-in and Graph answer every third request with 429. */
async function throttled<T>(act: () => Promise<T>): Promise<T> {
  const { faults, requests } = sandbox.tenant;
  const before = requests.length;
  for (const path of Object.values(services)) {
    // What one of them refuses is not counted by those that follow.
    for (let count = 1; count <= 2000; count++)
      faults.add({ path }, { kind: "refuse", refusal: { status: 429 } }, 1, 2 * count);
  }
  const result = await act();
  faults.clear();
  for (const path of Object.values(services)) {
    const asked = sandbox.tenant.requests.slice(before).filter((one) => path.test(one.path));
    const refused = asked.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(Math.floor(asked.length / 3));
  }
  return result;
}
