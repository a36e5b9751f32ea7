import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { timeInWords, timeText } from "../../../common/time.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";
import { componentTarget } from "../../../operations/verification/target.ts";
import { verify } from "../../../operations/verification/verify.ts";
import { commandsOf } from "../../docs/pages.ts";
import { brief, componentOf, context, day, rotateOnce, signIn } from "../rotationSupport.ts";
import { callGraph, expectNoChanges, stateOf, up, within, writeConfiguration } from "../support.ts";

// docs/timedRoles.md: a role until a date, and the way between `roles` and `timedRoles` without a moment without the role.
let sandbox: Sandbox;
/** Of the page. */
let stack: StackWorkspace;
/** Of a job that has the role without an end at first. */
let moving: StackWorkspace;
const until = timeText(Date.now() + 10 * day);
const timed = { timedRoles: [{ role: "Exchange Administrator", until }] };
const record = "update exchange-auth:ExchangeAppOnlyAuth exchange";

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: [{ ...defaultSeed, identities: furtherIdentities }] } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  stack = await sandbox.stack("contoso");
  moving = await sandbox.stack("moving");
});
afterAll(() => sandbox.close());

test("the commands of the page work in its order", async () => {
  const later = timeText(Date.now() + 100 * day);
  const said = new Map<string, string>();
  for (const { text } of commandsOf("docs/timedRoles.md")) {
    const command = text.replace("2027-06-30", later);
    const { exitCode, stdout, stderr } = await stack.run("sh", ["-c", command]);
    // What grant shows and has not done is its exit code.
    expect([command, exitCode, exitCode === 0 ? "" : stdout + stderr]).toEqual([
      command,
      command === "exo-auth grant" ? 7 : 0,
      expect.any(String),
    ]);
    said.set(command, stdout);
  }
  expect(said.get("exo-auth verify")).toContain("Exchange Administrator");
  expect(said.get("exo-auth grant --remove --yes")).toContain("take back the role");
});

test("from permanent to timed and back, a consumer signs in throughout", async () => {
  writeConfiguration(moving, {});
  expect(await up(moving)).toMatchObject({ exitCode: 0 });
  const component = await componentOf(moving);
  const refusals: unknown[] = [];
  let signIns = 0;
  const over = new AbortController();
  const consumer = (async () => {
    while (!over.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one sign-in follows the other.
      const { problem } = await signIn(sandbox.tenant, component);
      signIns++;
      if (problem !== undefined) refusals.push(problem);
    }
  })();

  writeConfiguration(moving, timed);
  const stopped = await exoAuth("preflight");
  expect(stopped.exitCode).toBe(2);
  expect(stopped.stdout).toContain("The update would take it away");
  expect(stopped.stdout).toContain("exo-auth grant --before-update --yes");
  const shown = await exoAuth("grant", "--before-update");
  expect(shown.exitCode).toBe(7);
  expect(shown.stdout).toContain("which it has without an end, end at");
  expect(await roleChildren()).toHaveLength(1);
  const moved = await exoAuth("grant", "--before-update", "--yes");
  expect([moved.exitCode, moved.stderr]).toEqual([0, expect.any(String)]);
  expect(moved.stdout).toContain("Now run `pulumi up`.");
  expect(await roleChildren()).toEqual([]);
  expect((await exoAuth("preflight")).exitCode).toBe(0);
  expect((await up(moving)).changes).toEqual([record]);
  expect((await exoAuth("grant", "--only", "entra")).stdout).toContain(
    "exchange in Entra matches the last `pulumi up`",
  );
  expect((await exoAuth("drift", "--wait", "0s")).exitCode).toBe(0);
  expect((await exoAuth("audit", "--wait", "0s")).exitCode).toBe(0);
  expect((await exoAuth("status")).stdout).toContain(
    `role Exchange Administrator  until ${timeInWords(until)}, 9 days left`,
  );

  writeConfiguration(moving, {});
  const back = await exoAuth("preflight");
  expect(back.exitCode).toBe(2);
  expect(back.stdout).toContain("Entra refuses a second assignment");
  expect((await exoAuth("grant", "--before-update", "--yes")).exitCode).toBe(0);
  expect(await roleChildren()).toHaveLength(1);
  expect((await up(moving)).changes).toEqual([record]);
  expect(await expectNoChanges(moving)).toBe(0);
  over.abort();
  await consumer;
  expect(refusals).toEqual([]);
  expect(signIns).toBeGreaterThan(10);
});

test("what somebody changed is drift, and grant puts it right", async () => {
  writeConfiguration(moving, timed);
  await exoAuth("grant", "--before-update", "--yes");
  await up(moving);
  const { servicePrincipalObjectId } = await componentOf(moving);
  await callGraph(sandbox.tenant, "POST", "/roleManagement/directory/roleAssignmentScheduleRequests", {
    action: "adminUpdate",
    principalId: servicePrincipalObjectId,
    roleDefinitionId: templateIdOf("Exchange Administrator"),
    directoryScopeId: "/",
    justification: "Somebody else",
    scheduleInfo: { expiration: { type: "noExpiration" } },
  });
  const drift = await exoAuth("drift", "--wait", "0s");
  expect(drift.exitCode).toBe(7);
  expect(drift.stdout).toContain("EXO-DRIFT-TIMED-ROLE-CHANGED");
  const audit = await exoAuth("audit", "--wait", "0s");
  expect(audit.stdout).toContain("EXO-AUDIT-TIMED-ROLE-CHANGED");
  expect((await exoAuth("status")).stdout).toContain("In the tenant, it has no end");
  expect((await exoAuth("grant", "--only", "entra", "--yes")).exitCode).toBe(0);
  expect((await exoAuth("drift", "--wait", "0s")).exitCode).toBe(0);
});

test("rotation and revocation keep the role and its end", async () => {
  const later = { now: () => new Date(Date.now() + 300 * day) };
  expect(brief(await rotateOnce(moving, later))).toBe("done add 1 -> 1 2");
  expect(brief(await rotateOnce(moving, later))).toBe("done makeCurrent 1 2 -> 2 1");
  expect((await signIn(sandbox.tenant, await componentOf(moving))).problem).toBeUndefined();
  expect((await exoAuth("drift", "--wait", "0s")).exitCode).toBe(0);
  const revoked = await exoAuth("revoke", "--yes", "--wait", "0s");
  expect(revoked.stdout).not.toContain("EXO-AUDIT-TIMED-ROLE");
  expect((await signIn(sandbox.tenant, await componentOf(moving))).problem).toBeUndefined();
  expect((await exoAuth("drift", "--wait", "0s")).exitCode).toBe(0);
  expect((await exoAuth("grant", "--only", "entra")).stdout).toContain(
    "exchange in Entra matches the last `pulumi up`",
  );
  expect((await exoAuth("status")).stdout).toContain(
    `role Exchange Administrator  until ${timeInWords(until)}, 9 days left`,
  );
});

test("the role ends, and the commands say so", async () => {
  expect((await exoAuth("status", "--fail-if-expiring", "5d")).exitCode).toBe(0);
  expect((await exoAuth("status", "--fail-if-expiring", "30d")).exitCode).toBe(7);
  const component = await componentOf(moving);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * day });
  try {
    const [attempt] = (
      await verify({
        ...context(moving),
        env: { ...moving.env, ARM_METADATA_HOSTNAME: new URL(sandbox.tenant.url).host },
        targets: [componentTarget(component)],
        waitMs: 60_000,
        pause: () => Promise.reject(new Error("no wait helps")),
      })
    ).verifications;
    expect(attempt?.problem).toEqual({
      cause: "roleMissing",
      message: `The service principal of application ${component.appId} holds no Entra role, or the assignment is not effective yet. Its declared roles have ended: "Exchange Administrator" at ${timeInWords(until)}.`,
      remedy:
        "If the job still needs the role, set a later `until` in `timedRoles`, and run `pulumi up` and `exo-auth grant --yes`.",
    });
  } finally {
    vi.useRealTimers();
  }
});

function exoAuth(...args: string[]): Promise<RunResult> {
  const { clientId, clientSecret } = furtherIdentities.find(({ name }) => name === "operator")!;
  const env = { ...moving.env, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
  return within(moving, env).run("exo-auth", args);
}

/** azuread's role assignments in the state. */
async function roleChildren(): Promise<readonly string[]> {
  const resources = await stateOf(moving);
  return resources
    .filter(({ type }) => type === "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment")
    .map(({ urn }) => urn);
}
