import { expect, test } from "vitest";

import { runCommand, type RunResult } from "../../sandbox/workspace/runCommand.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";

const preload = `--import=${new URL("../../scripts/withoutSourceMaps.mjs", import.meta.url).href}`;

// As Pulumi's SDK does before it runs a program.
const asInPulumi = `
  const { createRequire } = require("node:module");
  createRequire(require.resolve("@pulumi/pulumi"))("source-map-support/register");
  process.stdout.write(typeof Error.prepareStackTrace);
`;

test("the SDK does not translate stack traces any more", async () => {
  expect(await evaluate(preload)).toEqual({ exitCode: 0, stdout: "undefined", stderr: "" });
  expect(await evaluate()).toEqual({ exitCode: 0, stdout: "function", stderr: "" });
});

async function evaluate(...options: readonly string[]): Promise<RunResult> {
  return runCommand(process.execPath, [...options, "--eval", asInPulumi], { cwd: repository });
}
