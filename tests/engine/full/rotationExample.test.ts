import { cpSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { verificationTargets } from "../../../operations/verification/target.ts";
import { trySignIn } from "../../../operations/verification/trySignIn.ts";
import { resolveEndpoints } from "../../../graph/endpoints.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { commandsOf } from "../../docs/pages.ts";
import { brief, componentOf, day, rotateOnce } from "../rotationSupport.ts";
import { deployedSandbox } from "../savedStacks.ts";

// What examples/rotation says, while the stack of the application rotates: a job on the host signs in all the time.
let sandbox: Sandbox;
let application: StackWorkspace;
/** Below the repository, so that the example finds its package, and out of git's sight. */
let folder: string;
let jobs: string;
const commands = commandsOf("examples/rotation/README.md").map(({ text }) => text);

beforeAll(async () => {
  mkdirSync(path.join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(path.join(repository, ".sandbox", "rotation-"));
  cpSync(path.join(repository, "examples", "rotation"), folder, { recursive: true });
  jobs = path.join(folder, "jobs");
  ({ sandbox, stack: application } = await deployedSandbox("due"));
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test("the host gets the certificate, where only its owner reads it", async () => {
  for (const command of commands) await succeed(command);
  expect(readlinkSync(path.join(jobs, "current"))).toBe((await componentOf(application)).thumbprint);
  expect(statSync(path.join(jobs, "current", "exchange.pem")).mode & 0o777).toBe(0o600);
  await expectJobWorks();
});

test("it follows a rotation, and the job signs in before, while and after", async () => {
  const first = readlinkSync(path.join(jobs, "current"));
  expect(brief(await rotateOnce(application))).toBe("done add 1 -> 1 2");
  await expectJobWorks();
  expect(await succeed(commands.at(-1)!)).toBe(`The jobs have ${first} already.\n`);
  expect(brief(await rotateOnce(application))).toBe("done makeCurrent 1 2 -> 2 1");
  await expectJobWorks();
  for (const command of commands.slice(-2)) await succeed(command);
  const second = readlinkSync(path.join(jobs, "current"));
  expect(second).toBe((await componentOf(application)).thumbprint);
  expect(second).not.toBe(first);
  await expectJobWorks();
  expect(brief(await rotateOnce(application, { now: whenOver }))).toBe("done remove 2 1 -> 2");
  await expectJobWorks();
});

/** When the overlap is over. */
function whenOver(): Date {
  return new Date(Date.now() + 8 * day);
}

/** Runs a command of the page, as on the host. */
async function succeed(command: string): Promise<string> {
  const env = {
    ...sandbox.env,
    EXCHANGE_STACK: "organization/exchange-auth/contoso",
    JOBS_FOLDER: jobs,
    PULUMI_OPTION_YES: "true",
    PULUMI_OPTION_SKIP_PREVIEW: "true",
  };
  const { exitCode, stdout, stderr } = await sandbox.run("sh", ["-c", command], { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

/** What a job does that starts now. */
async function expectJobWorks(): Promise<void> {
  const { appId, tenantDomain } = await componentOf(application);
  const file = path.join(jobs, "current", "exchange.pem");
  expect(readFileSync(file, "utf8")).toContain("PRIVATE KEY");
  const signal = new AbortController().signal;
  const options = { "certificate-file": file, "app-id": appId, organization: tenantDomain };
  const { targets } = await verificationTargets(options, { env: sandbox.env, signal });
  const host = new URL(sandbox.tenant.url).host;
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: host });
  expect((await trySignIn({ ...targets[0]!, endpoints, signal })).problem).toBeUndefined();
}
