import { revokeExitCode } from "../../cli/commands/revoke.ts";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { revoke, type RevokeOptions, type RevokeResult } from "../../operations/rotation/revoke.ts";
import { timeText } from "../../common/time.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import {
  cancel,
  componentOf,
  context,
  killablePulumi,
  rotateOnce,
  type KillablePulumi,
  signIn,
  validThumbprints,
} from "./rotationSupport.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { makeCertificate } from "../graph/testCertificate.ts";
import { callGraph, configure, stateOf, up, whileHeld, within } from "./support.ts";

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
  return revoke({
    ...context(stack),
    immediately: false,
    confirmed: true,
    waitMs: 0,
    pause: async () => undefined,
    ...changes,
  });
}

test("without --yes nothing happens, and what would happen is said", async () => {
  const [stolen] = (await componentOf(stack)).generations;
  await expect(revokeOnce({ confirmed: false })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `Generation "1" of component "exchange", certificate ${stolen.thumbprint}, would be removed from the application, and jobs that still use it could no longer sign in. To do this, add --yes.`,
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
    tokensEnd: timeText(at + 5_400_000),
  });
  expect(result.proof).toEqual({ by: "signIn", copies: [], hidden: [], answer: "refused", attempts: 3 });
  expect(result.removed).toEqual([{ holder: "application", keyId: stolen.keyId }]);
  expect(result.left).toEqual([]);
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
    message: expect.stringContaining(
      `Certificate ${before.thumbprint}, generation "4", was removed from the application, but the stack is not up to date.`,
    ),
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

test("the same bytes or key under other key IDs, on application and service principal: all go, and the thief is refused", async () => {
  const before = await componentOf(stack);
  const [stolen] = before.generations;
  const path = `/applications/${before.applicationObjectId}`;
  const again = {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    displayName: "again",
    key: stolen.certificateDerBase64,
  };
  const known = await callGraph(sandbox.tenant, "GET", `${path}?$select=keyCredentials`);
  const there = (known["keyCredentials"] as object[]).map((one) => ({ ...one, key: null }));
  const onApplication = { ...again, keyId: "dddddddd-0000-4000-8000-000000000001" };
  const onPrincipal = { ...again, keyId: "dddddddd-0000-4000-8000-000000000002" };
  const renewed = await makeCertificate(undefined, undefined, stolen);
  const key = new X509Certificate(renewed.certificatePem).raw.toString("base64");
  const ofKey = { ...again, key, keyId: "dddddddd-0000-4000-8000-000000000003" };
  await callGraph(sandbox.tenant, "PATCH", path, { keyCredentials: [...there, onApplication, ofKey] });
  await callGraph(sandbox.tenant, "PATCH", `/servicePrincipals/${before.servicePrincipalObjectId}`, {
    keyCredentials: [onPrincipal],
  });
  const result = await revokeOnce();
  expect(result).toMatchObject({ revoked: true, proof: { by: "signIn", answer: "refused", copies: [] } });
  expect(result.removed).toEqual([
    { holder: "application", keyId: stolen.keyId },
    { holder: "application", keyId: onApplication.keyId },
    { holder: "application", keyId: ofKey.keyId },
    { holder: "servicePrincipal", keyId: onPrincipal.keyId },
  ]);
  for (const held of [stolen, { ...stolen, ...renewed }])
    expect((await signIn(sandbox.tenant, before, held)).problem?.cause).toBe("certificateNotAccepted");
});

test("a generation with the stolen key takes no other's place, and both go", async () => {
  const before = await componentOf(stack);
  const [stolen] = before.generations;
  const { certificatePem } = await makeCertificate(undefined, undefined, stolen);
  await configure(stack, {
    "certificate.generations[1].name": "renewed",
    "certificate.generations[1].publicCertificate": certificatePem,
  });
  const name = stolen.generation;
  expect(await revokeOnce()).toMatchObject({
    revoked: false,
    current: name,
    toDo: `Generation "renewed" has the private key that was stolen, so it cannot take the place of generation "${name}". Run this again: it removes both, and creates another one.`,
  });
  expect(await validThumbprints(sandbox.tenant, before)).toContain(stolen.thumbprint);

  const result = await revokeOnce();
  expect(result).toMatchObject({
    generation: name,
    sameKey: ["renewed"],
    revoked: true,
    proof: { by: "signIn", answer: "refused", copies: [] },
  });
  expect(listed()).toBe(result.current);
  const { generations } = await componentOf(stack);
  expect(generations.map(({ generation }) => generation)).toEqual([result.current]);
});

test("what a thief left is named", async () => {
  const { applicationObjectId } = await componentOf(stack);
  const add = async (displayName: string): Promise<string> => {
    const path = `/applications/${applicationObjectId}/addPassword`;
    const { keyId } = await callGraph(sandbox.tenant, "POST", path, { passwordCredential: { displayName } });
    return String(keyId);
  };
  await add("backdoor");
  const id = "EXO-AUDIT-APPLICATION-PASSWORD";
  const known = { id, subject: await add("known"), reason: "Agreed", until: "2999-12-31" };
  const result = await revokeOnce({ baseline: [known] });
  expect(result.left).toMatchObject([{ id, found: expect.stringContaining("backdoor") }]);
  expect(revokeExitCode(result)).toBe(7);
});

test("a credential that the state keeps: said, and nothing is changed", async () => {
  const before = await componentOf(stack);
  const [{ generation }] = before.generations;
  const urn = (await stateOf(stack)).find(
    ({ urn: one, type }) =>
      type.endsWith(":ApplicationCertificate") && one.endsWith(`::exchange-cert-${generation}`),
  )!.urn;
  expect((await stack.run("pulumi", ["state", "protect", urn, "--yes"])).exitCode).toBe(0);
  const settings = listed();
  const result = await revokeOnce();
  expect(result).toMatchObject({
    revoked: false,
    toDo: `Generation "${generation}" cannot be removed in the present state. It is protected: run \`pulumi state unprotect '${urn}' --yes\`. To stop every sign-in until then, run \`exo-auth revoke --block --yes\`.`,
  });
  expect(revokeExitCode(result)).toBe(7);
  expect(listed()).toBe(settings);
  expect(await validThumbprints(sandbox.tenant, before)).toEqual([before.thumbprint]);
  expect((await stack.run("pulumi", ["state", "unprotect", urn, "--yes"])).exitCode).toBe(0);
});

test("a generation that is not up is named none", async () => {
  await expect(revokeOnce({ generation: "9" })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: '--generation must name a deployed generation, got "9". There are "8".',
  });
});

test("the application was deleted: said at once, with the way back, before anything is edited", async () => {
  const { appId, applicationObjectId } = await componentOf(stack);
  await callGraph(sandbox.tenant, "DELETE", `/applications/${applicationObjectId}`);
  const settings = listed();
  for (const immediately of [false, true]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one stack.
    await expect(revokeOnce({ immediately })).rejects.toMatchObject({
      code: "EXO_AUTH_APPLICATION_DELETED",
      message: `Application ${appId} of component "exchange" was deleted, and is in the recycle bin of contoso.onmicrosoft.com for 30 days. Restore object ${applicationObjectId} first (docs/recovery.md, "The application was deleted"). After a refresh, \`pulumi up\` would create another application with another client ID. Nothing was changed.`,
    });
  }
  // Nothing is due, and it may be the one command that runs each day.
  await expect(rotateOnce(stack)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: expect.stringMatching(/^Application .* was deleted, and is in the recycle bin /),
  });
  await expect(rotateOnce(stack, { dryRun: true })).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: expect.stringMatching(/^Tenant .* has no application .* Nothing was changed\./),
  });
  expect(listed()).toBe(settings);
});

test("an update does not see that the application was deleted; after a refresh, it would create another", async () => {
  expect(await up(stack)).toMatchObject({ exitCode: 0, changes: [] });
  expect((await up(stack, "--refresh")).exitCode).toBe(1);
  expect((await stateOf(stack)).filter(({ type }) => type === childTypes.application)).toEqual([]);
});

function listed(): string {
  const text = readFileSync(stack.settings, "utf8");
  return [...text.matchAll(/- name: "(.*)"/g)].map(([, name]) => name).join(" ");
}
