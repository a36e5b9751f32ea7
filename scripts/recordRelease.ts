/**
 * Writes the state of a stack, as this version makes it, to tests/fixtures/releases: later versions must take it over
 * without a replacement. The schema goes to tests/fixtures/releasedSchemas: later ones must not break it. Run once for each release: node scripts/bootstrap.mjs scripts/recordRelease.ts
 */
import { copyFileSync, constants, mkdirSync, writeFileSync } from "node:fs";
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
  const fixtures = path.join(import.meta.dirname, "../tests/fixtures");
  const name = `${packageJson.version}.json`;
  writeFileSync(path.join(fixtures, "releases", name), withoutKeys(exported.stdout), { flag: "wx" });
  const schemas = path.join(fixtures, "releasedSchemas");
  mkdirSync(schemas, { recursive: true });
  const schema = path.join(import.meta.dirname, "../plugin/schema.json");
  copyFileSync(schema, path.join(schemas, name), constants.COPYFILE_EXCL);
} finally {
  await sandbox.close();
}
