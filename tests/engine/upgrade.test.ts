import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { makeKeyPair } from "../components/mocks.ts";
import { withKey } from "./releasedState.ts";
import { sandboxForTest } from "./support.ts";

const releases = new URL("../fixtures/releases/", import.meta.url);

test.each(readdirSync(releases))("a stack of release %s previews without a change", async (file) => {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso");
  const input = withKey(
    readFileSync(new URL(file, releases), "utf8"),
    makeKeyPair("/CN=Exchange Online automation"),
  );
  const imported = await stack.run("pulumi", ["stack", "import"], { input });
  if (imported.exitCode !== 0) throw new Error(imported.stderr);

  const { exitCode, stdout } = await stack.run("pulumi", [
    "preview",
    "--expect-no-changes",
    "--non-interactive",
  ]);

  expect(stdout).toMatch(/Resources:\n {4}12 unchanged\n/);
  expect(exitCode).toBe(0);
});
