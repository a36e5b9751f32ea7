import { afterAll, beforeAll, expect, test } from "vitest";

import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { destroy, directoryOf, expectNoChanges, stateOf, up } from "./support.ts";

// One stack that is brought up, refused to go, mended, refused again, and let go in the end.
let sandbox: Sandbox;
let stack: StackWorkspace;
let empty: readonly string[];

beforeAll(async () => {
  ({ sandbox, stack, empty } = await deployedSandbox());
});

afterAll(() => sandbox.close());

/** What the stack made in the tenant, and what its state says that it made there. */
async function madeAndKnown(): Promise<{ made: readonly string[]; known: readonly string[] }> {
  const directory = await directoryOf(sandbox.tenant);
  const listed = /^azuread:.*:(Application|ServicePrincipal|DirectoryRoleAssignment)$/;
  const known = (await stateOf(stack)).flatMap(({ type, id }) => (listed.test(type) && id ? [id] : []));
  return { made: directory.filter((path) => !empty.includes(path)), known: known.toSorted() };
}

test("what is up is an application, its service principal and a role assignment", async () => {
  const { made, known } = await madeAndKnown();
  expect(made).toEqual(known);
  expect(made).toHaveLength(3);
});

test("after a refused delete of a role assignment, state and tenant agree", async () => {
  const fault = sandbox.tenant.faults.refuse(
    { method: "DELETE", path: /\/roleAssignments\// },
    { status: 403 },
  );

  const { exitCode, messages } = await destroy(stack);
  fault.remove();

  expect(exitCode).not.toBe(0);
  expect(messages).toContain("Authorization_RequestDenied");
  const { made, known } = await madeAndKnown();
  expect(made).toEqual(known);
  expect(made.filter((path) => path.includes("/roleAssignments/"))).toHaveLength(1);
});

test("after a refused delete of the application, only its service principal is forgotten", async () => {
  const fault = sandbox.tenant.faults.refuse(
    { method: "DELETE", path: /\/applications\/[^/]+$/ },
    { status: 403 },
  );

  const { exitCode } = await destroy(stack);
  fault.remove();

  expect(exitCode).not.toBe(0);
  const { made, known } = await madeAndKnown();
  expect(made.filter((path) => !path.startsWith("/servicePrincipals/"))).toEqual(known);
  expect(made).toHaveLength(2);
});

test("the next `up` adopts it and puts everything back", async () => {
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await expectNoChanges(stack)).toBe(0);
  const { made, known } = await madeAndKnown();
  expect(made).toEqual(known);
  expect(made).toHaveLength(3);
});

test("`destroy` leaves nothing behind then", async () => {
  expect(await destroy(stack)).toMatchObject({ exitCode: 0 });
  expect(await directoryOf(sandbox.tenant)).toEqual(empty);
});
