import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readPlannedChanges } from "../../../operations/preflight/plannedChanges.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { killBetweenWrites } from "../../../sandbox/faultTable/killAfter.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import {
  brief,
  cancel,
  componentOf,
  context,
  day,
  killablePulumi,
  type KillablePulumi,
  rotateOnce,
  signIn,
  validThumbprints,
  writeSettings,
} from "../rotationSupport.ts";
import { rewriteState } from "../rewriteState.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { callGraph, stateOf, up, whileHeld, within } from "../support.ts";

// One stack's life full of trouble: each test begins where the one before ended. Whatever happens, the certificate that
// consumers have goes on working.
let sandbox: Sandbox;
let stack: StackWorkspace;
/** The same stack, where Pulumi reads its input. */
let written: StackWorkspace;
let pulumi: KillablePulumi;

beforeAll(async () => {
  const due = await deployedSandbox("due");
  sandbox = due.sandbox;
  pulumi = killablePulumi(sandbox, due.stack.env);
  written = due.stack;
  stack = within(written, pulumi.env);
});

afterAll(() => sandbox.close());

test("a policy that refuses the certificate: said, and the refused generation stands in nobody's way", async () => {
  await policy("P100D");
  const before = readFileSync(stack.settings, "utf8");
  await expect(rotateOnce(stack)).rejects.toMatchObject({
    code: "EXO_AUTH_PULUMI",
    reason: "policy",
    message: expect.stringMatching(
      /AsPerAppPolicy[^]*Generation "1" stays the current one. It ends at \S+ \S+ UTC\. The tenant's app management policy refuses the new certificate\./,
    ),
  });
  expect(listed(before)).toBe("");
  expect(listed(readFileSync(stack.settings, "utf8"))).toBe("1");
  await expectSignIn();
  await policy(undefined);
  expect(brief(await rotateOnce(stack))).toBe("done update 1 -> 1");
});

test("a second one while the first updates says why it does not work, and one generation is added", async () => {
  const second = whileHeld(sandbox.tenant, newCredential, async () =>
    rotateOnce(stack).then(brief, (reason: unknown) => String(reason)),
  );
  expect(brief(await rotateOnce(stack))).toBe("done add 1 -> 1 2");
  expect(await second).toMatch(/Another update of this stack is running/);
  expect(await generationsUp()).toEqual(["1", "2"]);
  await expectSignIn();
});

test("a sign-in that never works: the generation does not become the current one", async () => {
  const component = await componentOf(stack);
  const path = `/applications/${component.applicationObjectId}`;
  const { keyCredentials } = await callGraph(sandbox.tenant, "GET", path);
  const credentials = keyCredentials as { keyId: string }[];
  await callGraph(sandbox.tenant, "PATCH", path, {
    keyCredentials: credentials.filter(({ keyId }) => keyId === component.generations[0].keyId),
  });
  const result = await rotateOnce(stack);
  expect(brief(result)).toBe("failed makeCurrent 1 2 -> 2 1");
  expect(result.verification?.problem?.cause).toBe("certificateNotAccepted");
  expect(listed(readFileSync(stack.settings, "utf8"))).toBe("1 2");
  await expectSignIn();

  await up(stack, "--refresh");
  expect(brief(await rotateOnce(stack))).toBe("done makeCurrent 1 2 -> 2 1");
  await expectSignIn();
});

test("the current credential was taken off in the tenant: the old one stays, and why is said", async () => {
  const { applicationObjectId, generations } = await componentOf(stack);
  const [current, old] = generations;
  const path = `/applications/${applicationObjectId}`;
  const { keyCredentials } = await callGraph(sandbox.tenant, "GET", `${path}?$select=keyCredentials`);
  const staying = (keyCredentials as { keyId: string }[])
    .filter(({ keyId }) => keyId !== current.keyId)
    .map((one) => ({ ...one, key: null }));
  await callGraph(sandbox.tenant, "PATCH", path, { keyCredentials: staying });
  const before = readFileSync(stack.settings, "utf8");
  const stopped = await rotateOnce(stack, { now: whenOver });
  expect(brief(stopped)).toBe("failed remove 2 1 -> 2");
  expect(stopped.verification?.problem?.cause).toBe("certificateNotAccepted");
  expect(readFileSync(stack.settings, "utf8")).toBe(before);
  expect(await validThumbprints(sandbox.tenant, await componentOf(stack))).toEqual([old?.thumbprint]);
  expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });
  await expectSignIn();
});

test("what an update would leave in the tenant: said before anything is edited, and it goes when it can", async () => {
  const [urn = ""] = (await stateOf(stack)).flatMap(({ urn: one, type }) =>
    type.endsWith(":ApplicationCertificate") && one.endsWith("::exchange-cert-1") ? [one] : [],
  );
  const before = readFileSync(stack.settings, "utf8");
  const refusedWith = async (sentence: string): Promise<void> => {
    const stopped = await rotateOnce(stack, { now: whenOver });
    expect(brief(stopped)).toBe("toDo remove 2 1 -> 2");
    expect(stopped.toDo).toBe(
      `Generation "1" cannot be removed in the present state. ${sentence} Then run this again.`,
    );
    expect(readFileSync(stack.settings, "utf8")).toBe(before);
  };
  await rewriteState(written, (one) => one.urn === urn && Object.assign(one, { retainOnDelete: true }));
  await refusedWith(
    `\`retainOnDelete\` is set on ${urn}, so Pulumi would forget it and leave it in the tenant. Remove the option where it comes from (a parent's options, or a transform), and run \`pulumi up\`.`,
  );
  await rewriteState(
    written,
    (one) => one.urn === urn && Object.assign(one, { retainOnDelete: false, protect: true }),
  );
  await refusedWith(`It is protected: run \`pulumi state unprotect '${urn}' --yes\`.`);
  expect((await stack.run("pulumi", ["state", "unprotect", urn, "--yes"])).exitCode).toBe(0);
  expect(brief(await rotateOnce(stack, { now: whenOver }))).toBe("done remove 2 1 -> 2");
  expect(await generationsUp()).toEqual(["2"]);
  await expectSignIn();
});

test("killed again and again while a generation is added: it gets there, and says what to do in between", async () => {
  pulumi.killAfter(1);
  await expect(rotateOnce(stack, { now: whenDue })).rejects.toMatchObject({
    message: expect.stringMatching(
      /^`pulumi up` failed: Pulumi ended too early \(exit code 137\)\.\nGeneration "2" stays the current one\. .* Run `pulumi cancel`/,
    ),
  });
  await expect(rotateOnce(stack, { now: whenDue })).rejects.toMatchObject({
    message: expect.stringMatching(/currently locked[^]*`pulumi cancel` frees the stack|checkpoint: EOF/),
  });
  await killUntil(async () => (await generationsUp()).length === 2, whenDue);
  expect(await generationsUp()).toEqual(["2", "3"]);
});

test("killed while Entra makes the credential: said, repaired, and it comes up", async () => {
  expect(brief(await rotateOnce(stack))).toBe("done makeCurrent 2 3 -> 3 2");
  expect(brief(await rotateOnce(stack, { now: whenOver }))).toBe("done remove 3 2 -> 3");
  const killed = whileHeld(sandbox.tenant, newCredential, () => killBetweenWrites(stack, pulumi.pid()!));
  await expect(rotateOnce(stack, { now: whenDue })).rejects.toThrow("Pulumi ended too early");
  await killed;
  await cancel(stack);
  await expectSignIn();

  await expect(rotateOnce(stack, { now: whenDue })).rejects.toMatchObject({
    reason: "resource",
    message: expect.stringMatching(/An update that was killed left its credential on the application/),
  });
  await repair();
  expect(brief(await rotateOnce(stack, { now: whenDue }))).toBe("done update 3 4 -> 3 4");
  expect(brief(await rotateOnce(stack))).toBe("done makeCurrent 3 4 -> 4 3");
  await expectSignIn();
});

test("killed again and again while a generation is removed: the rest goes, and the current one stays", async () => {
  await killUntil(async () => (await generationsUp()).length === 1, whenOver);
  expect(await generationsUp()).toEqual(["4"]);
});

test("Ctrl-C: Pulumi ends what it has begun, and the stack is free", async () => {
  const controller = new AbortController();
  const stopped = whileHeld(sandbox.tenant, newCredential, () => controller.abort());
  await expect(rotateOnce(stack, { now: whenDue, signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
  await stopped;
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await generationsUp()).toEqual(["4", "5"]);
});

test("a configuration from before the last rotation is refused, here and by preflight", async () => {
  writeSettings(stack, (text) => text.replace(/- name: "4"\n\s*/, ""));
  const [current] = (await componentOf(stack)).generations;
  const { removedCurrent } = await readPlannedChanges(context(stack));
  expect(removedCurrent).toEqual([
    {
      component: "exchange",
      generation: "4",
      thumbprint: current.thumbprint,
      notAfter: current.certificateNotAfter,
    },
  ]);
  await expect(rotateOnce(stack)).rejects.toMatchObject({
    code: "EXO_AUTH_OUTDATED",
    message: expect.stringMatching(
      /^The configuration lists "5", but the last update made "4" the current generation, and an update would remove it\. Nothing was changed\./,
    ),
  });
});

/** With which azuread adds a certificate. */
const newCredential = { method: "PATCH", path: /\/applications\// };

function whenDue(): Date {
  return new Date(Date.now() + 300 * day);
}

/** When the overlap is over. */
function whenOver(): Date {
  return new Date(Date.now() + 8 * day);
}

async function repair(): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.run("exo-auth", ["repair", "--yes"]);
  if (exitCode !== 0) throw new Error(stdout + stderr);
}

/**
 * Runs `rotate` until it has got there, killed each time one change later than before, so that it does; jobs sign in all
 * the time.
 */
async function killUntil(isThere: () => Promise<boolean>, now: () => Date): Promise<void> {
  let kills = 0;
  for (; kills < 20; kills++) {
    await cancel(stack);
    await expectSignIn();
    if (await isThere()) break;
    pulumi.killAfter(kills + 1);
    const refusal = await rotateOnce(stack, { now }).catch(String);
    if (typeof refusal === "string" && refusal.includes("exo-auth repair")) await repair();
  }
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(kills).toBeGreaterThanOrEqual(3);
}

/** The certificate that the outputs give works. */
async function expectSignIn(): Promise<void> {
  const { problem } = await signIn(sandbox.tenant, await componentOf(stack));
  expect(problem).toBeUndefined();
}

async function generationsUp(): Promise<readonly string[]> {
  const { generations } = await componentOf(stack);
  return generations.map(({ generation }) => generation).toSorted();
}

/** Certificates may live no longer than this; any time without it. */
async function policy(maxLifetime: string | undefined): Promise<void> {
  await callGraph(sandbox.tenant, "PATCH", "/policies/defaultAppManagementPolicy", {
    isEnabled: maxLifetime !== undefined,
    applicationRestrictions: {
      keyCredentials:
        maxLifetime === undefined
          ? []
          : [
              {
                restrictionType: "asymmetricKeyLifetime",
                maxLifetime,
                restrictForAppsCreatedAfterDateTime: "2019-01-01T00:00:00Z",
              },
            ],
    },
  });
}

function listed(settings: string): string {
  return [...settings.matchAll(/- name: "(.*)"/g)].map(([, name]) => name).join(" ");
}
