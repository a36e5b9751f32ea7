import { revokeExitCode } from "../../cli/commands/revoke.ts";
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { revoke, type RevokeOptions, type RevokeResult } from "../../operations/rotation/revoke.ts";
import { timeText } from "../../common/time.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import {
  cancel,
  componentOf,
  context,
  killablePulumi,
  type KillablePulumi,
  signIn,
  validThumbprints,
} from "./rotationSupport.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { callGraph, whileHeld, within } from "./support.ts";

// One stack whose key is stolen again and again: each test begins where the one before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;
let pulumi: KillablePulumi;

beforeAll(async () => {
  const deployed = await deployedSandbox();
  sandbox = deployed.sandbox;
  pulumi = killablePulumi(sandbox, deployed.stack.env);
  stack = within(deployed.stack, pulumi.env);
});

afterAll(() => sandbox.close());

function revokeOnce(changes: Partial<RevokeOptions> = {}): Promise<RevokeResult> {
  return revoke({ ...context(stack), immediately: false, confirmed: true, waitMs: 0, ...changes });
}

test("without --yes nothing happens, and what would happen is said", async () => {
  const [stolen] = (await componentOf(stack)).generations;
  await expect(revokeOnce({ confirmed: false })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `Generation "1" of component "exchange", certificate ${stolen.thumbprint}, would be taken off the application, and whoever still uses it could not sign in any more. Give --yes to do it.`,
  });
  expect(listed()).toBe("");
});

test("a new generation comes up and is signed in with, then the stolen one goes at once", async () => {
  const before = await componentOf(stack);
  const [stolen] = before.generations;
  const at = Date.now() + 3_600_000;
  const result = await revokeOnce({ now: () => new Date(at) });
  const { component, generation, thumbprint, keyId, revoked, current, tokensEnd } = result;
  expect({ component, generation, thumbprint, keyId, revoked, current, tokensEnd }).toEqual({
    component: "exchange",
    generation: "1",
    thumbprint: stolen.thumbprint,
    keyId: stolen.keyId,
    revoked: true,
    current: "2",
    tokensEnd: timeText(at + 3_600_000),
  });
  expect(revokeExitCode(result)).toBe(0);
  const after = await componentOf(stack);
  expect(await validThumbprints(sandbox.tenant, after)).toEqual([after.thumbprint]);
  expect((await signIn(sandbox.tenant, after)).problem).toBeUndefined();
  expect((await signIn(sandbox.tenant, before, stolen)).problem?.cause).toBe("certificateNotAccepted");
  expect(listed()).toBe("2");
});

test("a replacement that does not work: the stolen one stays, which is said, and the next run goes on", async () => {
  const { servicePrincipalObjectId } = await componentOf(stack);
  const path = `/servicePrincipals/${servicePrincipalObjectId}`;
  await callGraph(sandbox.tenant, "PATCH", path, { accountEnabled: false });
  const failed = await revokeOnce();
  expect(failed).toMatchObject({
    revoked: false,
    current: "2",
    verification: { problem: { cause: "servicePrincipalDisabled" } },
  });
  expect(revokeExitCode(failed)).toBe(3);
  expect(listed()).toBe("2 3");
  await callGraph(sandbox.tenant, "PATCH", path, { accountEnabled: true });
  expect(await revokeOnce()).toMatchObject({ generation: "2", revoked: true, current: "3" });
  expect(listed()).toBe("3");
});

test("--now: the stolen one is off the application before anything is made", async () => {
  const before = await componentOf(stack);
  const validAfterFirstWrite = whileHeld(sandbox.tenant, { method: "PATCH", path: /\/applications\// }, () =>
    validThumbprints(sandbox.tenant, before),
  );
  const result = await revokeOnce({ immediately: true });
  expect(await validAfterFirstWrite).toEqual([]);
  expect(result).toMatchObject({ generation: "3", revoked: true, current: "4" });
  expect(result.verification?.problem).toBeUndefined();
  const after = await componentOf(stack);
  expect(await validThumbprints(sandbox.tenant, after)).toEqual([after.thumbprint]);
});

test("--now, killed when the stolen one is off: nothing brings it back, and the next run goes on", async () => {
  const before = await componentOf(stack);
  pulumi.killAfter(1);
  await expect(revokeOnce({ immediately: true })).rejects.toMatchObject({
    message: expect.stringContaining('Generation "4" may still be valid.'),
  });
  expect(listed()).toBe("5");
  expect(await validThumbprints(sandbox.tenant, before)).toEqual([]);
  await cancel(stack);
  expect(await revokeOnce({ immediately: true })).toMatchObject({
    generation: "4",
    revoked: true,
    current: "5",
  });
  const after = await componentOf(stack);
  expect(await validThumbprints(sandbox.tenant, after)).toEqual([after.thumbprint]);
  expect((await signIn(sandbox.tenant, after)).problem).toBeUndefined();
});

test("a generation that is not up is named none", async () => {
  await expect(revokeOnce({ generation: "9" })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: '--generation names no generation that is up, got "9". There are "5".',
  });
});

function listed(): string {
  const text = readFileSync(stack.settings, "utf8");
  return [...text.matchAll(/- name: "(.*)"/g)].map(([, name]) => name).join(" ");
}
