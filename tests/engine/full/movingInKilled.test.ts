import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditPermissions } from "../../../operations/audit/rules.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { killAfter, killBetweenWrites } from "../../../sandbox/faultTable/killAfter.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { createAsTool, type ForeignApplication } from "../../operations/adoption/foreignTools.ts";
import { callGraph, expectNoChanges, sandboxForTest, whileHeld } from "../support.ts";

interface Step {
  readonly does: string;
  /** What the page says to run, with a request at which it is killed. */
  readonly command: readonly [string, ...string[]];
  readonly during: { readonly method: string; readonly path: RegExp };
  /** What the page has before it, and nobody is killed in. */
  readonly before?: readonly string[];
}

const application = /\/v1\.0\/applications\/[^/]+$/;
const token = /\/oauth2\/v2\.0\/token$/;

/** The steps of docs/movingIn.md, in its order. */
const steps = (appId: string): readonly Step[] => [
  { does: "finds it", command: ["exo-auth", "discover"], during: { method: "POST", path: /\$batch$/ } },
  {
    does: "adopts it",
    command: ["exo-auth", "adopt", "--app-id", appId, "--yes"],
    during: { method: "GET", path: application },
  },
  {
    does: "makes the first update",
    command: ["pulumi", "up", "--yes"],
    during: { method: "PATCH", path: application },
  },
  {
    does: "adds a certificate",
    before: ["pulumi", "config", "set", "--path", "certificate.generations[1].name", "1"],
    command: ["pulumi", "up", "--yes"],
    during: { method: "PATCH", path: application },
  },
  {
    does: "proves it and makes it the current one",
    command: ["exo-auth", "rotate"],
    during: { method: "POST", path: token },
  },
  {
    does: "verifies it",
    command: ["exo-auth", "verify"],
    during: { method: "POST", path: /InvokeCommand$/ },
  },
  {
    does: "removes the old certificate",
    before: ["pulumi", "config", "rm", "--path", "certificate.generations[1]"],
    command: ["pulumi", "up", "--yes"],
    during: { method: "PATCH", path: application },
  },
  {
    does: "looks for the rest",
    command: ["exo-auth", "audit"],
    during: { method: "POST", path: /\$batch$/ },
  },
];

test("killed in any step, moving in goes on, and the jobs sign in all the time", async () => {
  const permissions = [...new Set([...deployerPermissions, ...auditPermissions])];
  const seed = { ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } };
  const sandbox = await sandboxForTest({ tenant: { seeds: [seed] } });
  const made = await createAsTool("cliForMicrosoft365", (method, path, body) =>
    callGraph(sandbox.tenant, method, path, body),
  );
  const stack = await sandbox.stack("contoso");
  const run = async (...[command, ...args]: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await stack.run(command!, args);
    if (exitCode !== 0)
      throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${stdout}${stderr}`);
  };
  const seen: (readonly [string, boolean, boolean, boolean])[] = [];
  for (const { does, command, during, before } of steps(made.appId)) {
    if (before !== undefined) await run(...before);
    const isKilled = await killed(sandbox, stack, command, during);
    const afterKill = await signsIn(sandbox, made);
    // As docs/recovery.md says.
    await run("pulumi", "cancel", "--yes");
    if (does !== "finds it" && does !== "adopts it") await run("exo-auth", "repair", "--yes");
    await run(...command);
    seen.push([does, isKilled, afterKill, await signsIn(sandbox, made)]);
  }

  const removal = "removes the old certificate";
  const index = steps("").findIndex(({ does }) => does === removal);
  expect(seen).toEqual(
    // The kill comes after the tenant has removed the old certificate, which no job uses by then.
    steps("").map(({ does }, at) => [does, true, at < index, at < index]),
  );
  expect(await expectNoChanges(stack)).toBe(0);
  const { keyCredentials } = await callGraph(
    sandbox.tenant,
    "GET",
    `/applications/${made.applicationObjectId}`,
  );
  expect(keyCredentials).toHaveLength(1);
});

/** Runs a command and kills it, with all that it started, once the tenant has done what a request asks. */
async function killed(
  { tenant }: Sandbox,
  stack: StackWorkspace,
  [command, ...args]: Step["command"],
  during: Step["during"],
): Promise<boolean> {
  // The events of a preview would come as one document of many lines.
  if (command === "pulumi") return killAfter(stack, [...args, "--skip-preview"], tenant, during);
  const child = spawn(process.execPath, [join(repository, "cli", "main.ts"), ...args], {
    cwd: repository,
    env: stack.env,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return whileHeld(tenant, during, async () => {
    await killBetweenWrites(stack, child.pid!);
    await ended;
    return true;
  });
}

/** Whether a job that holds the old certificate gets a token for Exchange. */
async function signsIn(
  { tenant }: Sandbox,
  { appId: clientId, certificatePem, privateKeyPem }: ForeignApplication,
): Promise<boolean> {
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const { tenantId } = tenant.seeds[0]!;
  const identity = { kind: "certificate", tenantId, clientId, certificatePem, privateKeyPem } as const;
  return createCredential(identity, endpoints)
    .getToken(cloudEndpoints("global").exchangeOnline.scope)
    .then(
      () => true,
      () => false,
    );
}
