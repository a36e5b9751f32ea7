import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";

import { childTypes } from "../../../common/typeTokens.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { expectNoChanges, outputs, stateOf, up, writeConfiguration, writes } from "../support.ts";
import { tenantGraph, type TenantGraph } from "../tenantGraph.ts";

// A stack that made its application moves to one that exists, to another one, and back; each test begins where the one
// before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
let made: string;
let byHand: readonly string[];

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
  made = await currentApplication();
  byHand = [await applicationByHand("First"), await applicationByHand("Second")];
});

afterAll(() => sandbox.close());

/** What a move replaces: all that hangs on an application, and no key. */
const replaced = [
  "azuread:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
  "azuread:ApplicationCertificate exchange-cert-1",
  "azuread:DirectoryRoleAssignment exchange-exchange-administrator",
].flatMap((name) => [`create-replacement ${name}`, `delete-replaced ${name}`, `replace ${name}`]);
const record = "update exchange-auth:ExchangeAppOnlyAuth exchange";
const ofApplication = [
  "azuread:Application exchange",
  "azuread:ServicePrincipal exchange",
  "random:RandomUuid exchange-marker",
  "random:RandomUuid exchange-marker-used",
];

test("the application that the component made itself is refused, as the update would delete it", async () => {
  sandbox.tenant.clearRequests();
  writeConfiguration(stack, { existingClientId: made });

  const { exitCode, messages } = await up(stack);

  expect(exitCode).not.toBe(0);
  expect(messages.trim()).toBe(
    `ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - \`existingClientId\` "${made}" is the application that this component created itself, and the update would delete it. Remove \`existingClientId\`. If the state no longer has the application, change the description of its service principal, which says that the component created it.`,
  );
  expect(writes(sandbox.tenant)).toEqual([]);
  expect(await holds(made)).toEqual({ certificates: 1, permissions: 1, roles: 1 });
});

test("another application gets everything, and the own one is deleted", async () => {
  writeConfiguration(stack, { existingClientId: byHand[0] });

  expect(await up(stack)).toMatchObject({
    exitCode: 0,
    changes: [...ofApplication.map((name) => `delete ${name}`), ...replaced, record].toSorted(),
  });

  expect(await currentApplication()).toBe(byHand[0]);
  expect(await holds(made)).toBeUndefined();
  expect(await holds(byHand[0])).toEqual({ certificates: 1, permissions: 1, roles: 1 });
});

test("a third one gets everything, and the one before is as it was", async () => {
  writeConfiguration(stack, { existingClientId: byHand[1] });

  expect(await up(stack)).toMatchObject({ exitCode: 0, changes: [...replaced, record].toSorted() });

  expect(await currentApplication()).toBe(byHand[1]);
  expect(await holds(byHand[0])).toEqual({ certificates: 0, permissions: 0, roles: 0 });
  expect(await holds(byHand[1])).toEqual({ certificates: 1, permissions: 1, roles: 1 });
});

test("one that is gone for good is followed by another that was made by hand, as docs/recovery.md says", async () => {
  const { value } = v.parse(Listed, await graph.send("GET", `/applications?$filter=appId eq '${byHand[1]}'`));
  const [gone] = value;
  await graph.send("DELETE", `/applications/${gone?.id}`);
  await graph.send("DELETE", `/directory/deletedItems/${gone?.id}`);
  byHand = [...byHand, await applicationByHand("Third")];
  writeConfiguration(stack, { existingClientId: byHand[2] });
  const certificates = (await stateOf(stack)).filter(
    ({ type }) => type === childTypes.applicationCertificate,
  );
  for (const { urn } of certificates) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one stack.
    const { exitCode } = await stack.run("pulumi", ["state", "delete", urn, "--yes"]);
    expect(exitCode).toBe(0);
  }

  expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });

  expect(await currentApplication()).toBe(byHand[2]);
  expect(await holds(byHand[2])).toEqual({ certificates: 1, permissions: 1, roles: 1 });
  expect(await expectNoChanges(stack)).toBe(0);
});

test("without the argument, a new application is made", async () => {
  writeConfiguration(stack, {});

  expect(await up(stack)).toMatchObject({
    exitCode: 0,
    changes: [...ofApplication.map((name) => `create ${name}`), ...replaced, record].toSorted(),
  });

  const current = await currentApplication();
  expect([made, ...byHand]).not.toContain(current);
  expect(await holds(byHand[2])).toEqual({ certificates: 0, permissions: 0, roles: 0 });
  expect(await holds(current)).toEqual({ certificates: 1, permissions: 1, roles: 1 });
  expect(await expectNoChanges(stack)).toBe(0);
});

async function currentApplication(): Promise<string> {
  return String((await outputs(stack))["appId"]);
}

/** Gives the client ID. */
async function applicationByHand(displayName: string): Promise<string> {
  const { appId } = await graph.send("POST", "/applications", { displayName });
  await graph.send("POST", "/servicePrincipals", { appId });
  return String(appId);
}

/** How much hangs on an application; undefined where it is gone. */
async function holds(clientId: string | undefined): Promise<Record<string, number> | undefined> {
  const filter = `$filter=appId eq '${clientId}'`;
  const [application] = v.parse(Listed, await graph.send("GET", `/applications?${filter}`)).value;
  if (application === undefined) return undefined;
  const [principal] = v.parse(Listed, await graph.send("GET", `/servicePrincipals?${filter}`)).value;
  const grants = await graph.send("GET", `/servicePrincipals/${principal?.id}/appRoleAssignments`);
  const roles = await graph.send(
    "GET",
    `/roleManagement/directory/roleAssignments?$filter=principalId eq '${principal?.id}'`,
  );
  return {
    certificates: application.keyCredentials?.length ?? 0,
    permissions: v.parse(Listed, grants).value.length,
    roles: v.parse(Listed, roles).value.length,
  };
}

const Listed = v.object({
  value: v.array(v.object({ id: v.string(), keyCredentials: v.optional(v.array(v.unknown())) })),
});
