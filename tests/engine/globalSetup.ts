import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { readArguments } from "../../sandbox/commands/arguments.ts";
import { findPulumi } from "../../sandbox/toolchain/findPulumi.ts";
import { inUse, preparePulumiHome } from "../../sandbox/workspace/pulumiHome.ts";
import { saveStacks } from "./savedStacks.ts";

/**
 * Finds, downloads or builds Pulumi's CLI before the first test, so that none waits minutes for it, says what the tests
 * run on, and brings up the stacks that tests begin with. They are made anew for each run, since certificates have dates.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const cli = await findPulumi();
  const folder = mkdtempSync(join(tmpdir(), "exchange-auth-saved-"));
  const { plugins } = readArguments([], process.env);
  process.stdout.write(`${inUse(cli, await preparePulumiHome(folder, plugins, cli, process.env))}\n`);
  project.provide("savedStacks", { folder, empty: await saveStacks(folder) });
  return () => rmSync(folder, { recursive: true, force: true });
}
