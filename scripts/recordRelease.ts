/**
 * Writes the state of a stack, as this version makes it, to tests/fixtures/releases: later versions must take it over
 * without a replacement. Run once for each release: node scripts/bootstrap.mjs scripts/recordRelease.ts
 */
import { writeFileSync } from "node:fs";
import path from "node:path";

import { createSandbox } from "../sandbox/createSandbox.ts";
import { withoutKeys } from "../tests/engine/releasedState.ts";
import packageJson from "../package.json" with { type: "json" };

const sandbox = await createSandbox();
try {
  const stack = await sandbox.stack("contoso");
  const { exitCode, stdout } = await stack.run("pulumi", [
    "up",
    "--yes",
    "--skip-preview",
    "--non-interactive",
  ]);
  if (exitCode !== 0) throw new Error(stdout);
  const exported = await stack.run("pulumi", ["stack", "export", "--show-secrets"]);
  const file = path.join(import.meta.dirname, "../tests/fixtures/releases", `${packageJson.version}.json`);
  writeFileSync(file, withoutKeys(exported.stdout), { flag: "wx" });
} finally {
  await sandbox.close();
}
