import { X509Certificate } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { configure, destroy, directoryOf, expectNoChanges, outputs, stateOf, up, writes } from "./support.ts";

// One life of one stack, from the first `up` to `destroy`: each test begins where the one before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;
let empty: readonly string[];
let first: Record<string, unknown>;
/** At the 64th place, after which a common name ends: half of it would be no text to the engine (pulumi/pulumi-random#1967). */
const emoji = "\u{1F510}";

beforeAll(async () => {
  sandbox = await createSandbox();
  stack = await sandbox.stack("contoso");
  await configure(stack, { displayName: `${"x".repeat(63)}${emoji} tail` });
  empty = await directoryOf(sandbox.tenant);
});

beforeEach(() => sandbox.tenant.clearRequests());

afterAll(() => sandbox.close());

test("`up` in an empty tenant creates what the defaults ask for", async () => {
  const { exitCode, changes, messages } = await up(stack);

  expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: "" });
  expect(changes).toEqual([
    "create azuread:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
    "create azuread:Application exchange",
    "create azuread:ApplicationCertificate exchange-cert-1",
    "create azuread:DirectoryRoleAssignment exchange-exchange-administrator",
    "create azuread:ServicePrincipal exchange",
    "create exchange-auth:AppCertificate exchange-cert-1",
    "create exchange-auth:ExchangeAppOnlyAuth exchange",
    "create pulumi:Stack exchange-auth-contoso",
    "create random:RandomPassword exchange-cert-1-pfx-password",
    "create random:RandomUuid exchange-cert-1-key-id",
    "create random:RandomUuid exchange-marker",
    "create random:RandomUuid exchange-marker-used",
    "create tls:PrivateKey exchange-cert-1-key",
    "create tls:SelfSignedCert exchange-cert-1",
  ]);
  first = await outputs(stack);
  const { subject } = new X509Certificate(String(first["certificatePem"]));
  expect(subject).toBe(`CN=${"x".repeat(63)}${emoji}`);
});

test("`up` again changes nothing", async () => {
  expect(await up(stack)).toMatchObject({ exitCode: 0, changes: [] });
  expect(writes(sandbox.tenant)).toEqual([]);
});

test("`preview --refresh --expect-no-changes` finds nothing", async () => {
  expect(await expectNoChanges(stack)).toBe(0);
  expect(writes(sandbox.tenant)).toEqual([]);
});

test("a changed display name updates the application and nothing else", async () => {
  await configure(stack, { displayName: "Nightly reports" });

  expect(await up(stack)).toMatchObject({ exitCode: 0, changes: ["update azuread:Application exchange"] });
  expect(writes(sandbox.tenant)).toEqual([
    `PATCH /v1.0/applications/${String(first["applicationObjectId"])}`,
  ]);
  expect(await outputs(stack)).toEqual(first);
});

test("changed certificate settings leave the live certificate alone", async () => {
  await configure(stack, {
    "certificate.validityDays": "30",
    "certificate.rsaBits": "4096",
    "certificate.commonName": "Somebody else",
  });

  expect(await up(stack)).toMatchObject({ exitCode: 0, changes: [] });
  expect(writes(sandbox.tenant)).toEqual([]);
  expect(await outputs(stack)).toEqual(first);
});

test("`destroy` leaves nothing behind", async () => {
  expect(await destroy(stack)).toMatchObject({ exitCode: 0 });
  expect(await stateOf(stack)).toEqual([]);
  expect(await directoryOf(sandbox.tenant)).toEqual(empty);
});
