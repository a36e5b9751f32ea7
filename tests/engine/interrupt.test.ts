import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { commands } from "../../cli/commands.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { noTerminal, openTerminal } from "../cli/terminal.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { stateOf, up } from "./support.ts";

// Ctrl-C in the middle of every command, as processes of their own, each where the one before ended: whatever Pulumi has
// begun it ends, no lock is left, and `pulumi up` starts.
let sandbox: Sandbox;
let stack: StackWorkspace;

const main = join(repository, "cli", "main.ts");

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("due"));
});

afterAll(() => sandbox.close());

interface Interruption {
  readonly command: string;
  readonly args?: readonly string[];
  /** The request during which it comes; left out where Pulumi reads the state, and nobody asks the tenant. */
  readonly during?: { readonly method?: string; readonly path: RegExp };
  readonly before?: () => Promise<unknown>;
  /** What has to follow before an update can succeed. */
  readonly after?: readonly string[];
}

const interruptions: readonly Interruption[] = [
  { command: "verify", during: { path: /InvokeCommand$/ } },
  { command: "status" },
  { command: "preflight", during: { path: /\/domains/ } },
  { command: "export", args: ["--stdout", "certificate"] },
  { command: "token", during: { path: /\/oauth2\/v2\.0\/token/ } },
  { command: "drift", during: { path: /\/applications\// } },
  { command: "audit", during: { path: /\$batch$/ } },
  { command: "check", during: { path: /\$batch$/ } },
  { command: "rotate", during: { method: "PATCH", path: /\/applications\// } },
  { command: "revoke", args: ["--yes"], during: { method: "PATCH", path: /\/applications\// } },
  { command: "grant", during: { path: /\/oauth2\/v2\.0\/token/ } },
  {
    command: "repair",
    args: ["--yes"],
    // While Pulumi imports what the state has lost.
    during: { method: "GET", path: /\/roleAssignments\/[^/]+$/ },
    before: loseRoleAssignment,
    after: ["repair", "--yes"],
  },
  { command: "discover", during: { path: /\$batch$/ } },
  {
    command: "adopt",
    args: ["--app-id", "00000000-0000-4000-8000-000000000000"],
    // Nothing that the command before left to be answered asks for that.
    during: { path: /00000000-0000-4000-8000-000000000000/ },
  },
  { command: "matrix" },
  { command: "fleet check" },
  { command: "fleet rotate" },
];

/** They wait for nobody: all that they need is in files. */
const atOnce = ["fleet report", "fleet add"];

test("every command is interrupted", () => {
  const tried = [...interruptions.map(({ command }) => command), ...atOnce];
  expect(tried.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
});

test.each(interruptions)("Ctrl-C in $command", async ({ command, args = [], during, before, after }) => {
  await before?.();
  const moment = during ? duringRequest(during) : whilePulumiRuns();
  const child = spawn(process.execPath, [main, ...command.split(" "), ...args], {
    cwd: repository,
    env: moment.env,
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await Promise.race([moment.reached(), ended]);
  const pressed = Date.now();
  child.kill("SIGINT");
  const exitCode = await ended;
  moment.end();
  // A request may take a minute; nobody waits for that.
  expect({ exitCode, isPrompt: Date.now() - pressed < 40_000 }).toEqual({ exitCode: 8, isPrompt: true });
  const followed = after && (await stack.run("exo-auth", after));
  expect(followed?.exitCode ?? 0).toBe(0);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
});

test("in a terminal, which sends it to everything that runs in it", async ({ skip }) => {
  skip(noTerminal !== undefined, noTerminal);
  const moment = duringRequest({ method: "PATCH", path: /\/applications\// });
  const terminal = openTerminal(`'${process.execPath}' '${main}' revoke --yes`, repository, moment.env);
  await moment.reached();
  terminal.press("C-c");
  await terminal.until(/Stopping: Pulumi finishes what it has begun/);
  const shown = await terminal.until(/exit code 8/);
  moment.end();
  expect(shown).toMatch(/exo-auth revoke:[^]*Canceled\./);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
});

/** When a signal is to come. */
interface Moment {
  readonly env: NodeJS.ProcessEnv;
  readonly reached: () => Promise<void>;
  readonly end: () => void;
}

/** In the middle of a request: this very process answers it two seconds later, and so after it has sent the signal. */
function duringRequest(request: NonNullable<Interruption["during"]>): Moment {
  const slow = sandbox.tenant.faults.delay(request, 2000);
  return { env: stack.env, reached: () => until(() => slow.hits > 0), end: () => slow.remove() };
}

/** While Pulumi runs: it waits a second before it does anything, and the signal is sent as soon as it has begun. */
function whilePulumiRuns(): Moment {
  const bin = join(sandbox.folder.path, "slow");
  const begun = join(bin, "begun");
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, "pulumi"),
    `#!/bin/sh\ntouch '${begun}'\nsleep 1\nexec '${join(sandbox.folder.bin, "pulumi")}' "$@"\n`,
  );
  chmodSync(join(bin, "pulumi"), 0o755);
  return {
    env: { ...stack.env, PATH: [bin, stack.env["PATH"]].join(delimiter) },
    reached: () => until(() => existsSync(begun)),
    end: () => rmSync(bin, { recursive: true }),
  };
}

async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await setTimeout(20);
}

async function loseRoleAssignment(): Promise<void> {
  const found = (await stateOf(stack)).find(({ type }) => type.endsWith(":DirectoryRoleAssignment"));
  const lost = await stack.run("pulumi", ["state", "delete", found?.urn ?? "", "--yes"]);
  expect(lost).toMatchObject({ exitCode: 0 });
}
