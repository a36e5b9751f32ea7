import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { withKey } from "./releasedState.ts";
import { configure, sandboxForTest } from "./support.ts";

const releases = new URL("../fixtures/releases/", import.meta.url);

test.each(readdirSync(releases))("a stack of release %s previews without a change", async (file) => {
  const stack = await stackOf(readFileSync(new URL(file, releases), "utf8"));

  const { exitCode, stdout } = await stack.run("pulumi", [
    "preview",
    "--expect-no-changes",
    "--non-interactive",
  ]);

  expect(stdout).toMatch(/Resources:\n {4}12 unchanged\n/);
  expect(exitCode).toBe(0);
});

test("a stack of 0.1.0 whose role opens Security & Compliance previews the added permission, and nothing else", async () => {
  const state = readFileSync(new URL("0.1.0.json", releases), "utf8")
    .replaceAll("exchange-exchange-administrator", "exchange-global-reader")
    .replaceAll("29232cdf-9323-42fd-ade2-1d097af3e4de", "f2ef992c-3afb-46b9-b7cf-a126ee74c451");
  const stack = await stackOf(state);
  await configure(stack, { "roles[0]": "Global Reader" });

  const { stdout } = await stack.run("pulumi", ["preview", "--non-interactive", "--color=never"]);

  expect(stdout).toMatch(/Resources:\n {4}\+ 1 to create\n {4}~ 1 to update\n/);
  const changes = [...stdout.matchAll(/^ [+~-]+ +azuread:index:(\w+) (\S+) (create|update)/gm)];
  expect([...new Set(changes.map(([, ...change]) => change.join(" ")))].toSorted()).toEqual([
    "AppRoleAssignment exchange-office365-exchange-online-protection-exchange-manage-as-app create",
    "Application exchange update",
  ]);
});

/** A stack with this state, in a sandbox that ends with the test. */
async function stackOf(state: string): Promise<StackWorkspace> {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso");
  const input = withKey(state, makeKeyPair("/CN=Exchange Online automation"));
  const imported = await stack.run("pulumi", ["stack", "import"], { input });
  if (imported.exitCode !== 0) throw new Error(imported.stderr);
  return stack;
}
