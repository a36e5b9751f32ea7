import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { callGraph, configure, destroy, stateOf, up } from "./support.ts";

// One stack whose component gets options: each test begins where the one before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;

beforeAll(async () => {
  sandbox = await createSandbox();
  stack = await sandbox.stack("options", { project: join(repository, "tests/fixtures/options") });
  await configure(stack, {
    name: "old",
    protect: "true",
    retain: "true",
    generations: '[{"name":"1"},{"name":"2"}]',
  });
});

afterAll(() => sandbox.close());

test("a transform reaches the application", async () => {
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  const application = (await stateOf(stack)).find(({ type }) => type.endsWith(":Application"));
  const { notes } = await callGraph(sandbox.tenant, "GET", String(application?.id));
  expect(notes).toBe("Set by a transform.");
});

test("`protect` and `retainOnDelete` reach every child but the certificates and what they are made of", async () => {
  const ours = (await stateOf(stack)).filter(({ urn }) => urn.includes("ExchangeAppOnlyAuth"));
  const namesOf = (resources: typeof ours): readonly string[] =>
    resources.map(({ urn }) => urn.split(/::|\$/).slice(-2).join(" ")).toSorted();
  const children = [
    "azuread:index/appRoleAssignment:AppRoleAssignment old-office365-exchange-online-exchange-manage-as-app",
    "azuread:index/application:Application old",
    "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment old-exchange-administrator",
    "azuread:index/servicePrincipal:ServicePrincipal old",
  ];
  expect(namesOf(ours.filter(({ protect }) => protect))).toEqual([
    ...children,
    "exchange-auth:index:ExchangeAppOnlyAuth old",
  ]);
  expect(namesOf(ours.filter(({ retainOnDelete }) => retainOnDelete))).toEqual([
    ...children,
    "random:index/randomUuid:RandomUuid old-marker",
    "random:index/randomUuid:RandomUuid old-marker-used",
  ]);
});

test("a generation of a protected component can be removed", async () => {
  await configure(stack, { generations: '[{"name":"1"}]' });
  expect(await up(stack)).toMatchObject({
    exitCode: 0,
    changes: [
      "delete azuread:ApplicationCertificate old-cert-2",
      "delete exchange-auth:AppCertificate old-cert-2",
      "delete random:RandomPassword old-cert-2-pfx-password",
      "delete random:RandomUuid old-cert-2-key-id",
      "delete tls:PrivateKey old-cert-2-key",
      "delete tls:SelfSignedCert old-cert-2",
    ],
  });
});

test("an alias carries every child to the component's new name", async () => {
  await configure(stack, { name: "new", protect: "false", retain: "false" });
  const { exitCode, changes } = await up(stack);
  expect(exitCode).toBe(0);
  // The description names the component, by which a repair recognises its own.
  expect(changes).toEqual(["update azuread:Application new", "update azuread:ServicePrincipal new"]);
  expect(await destroy(stack)).toMatchObject({ exitCode: 0 });
});
