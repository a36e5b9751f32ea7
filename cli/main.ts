#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { ignoreBrokenPipes } from "../common/brokenPipe.ts";
import { nodeProblem } from "../common/supportedNode.ts";
import { ExitCode } from "./exitCodes.ts";

const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The first lets the command end what it began, the second does not wait.
    // oxlint-disable-next-line unicorn/no-process-exit
    if (controller.signal.aborted) process.exit(ExitCode.Cancelled);
    controller.abort();
  });
}

ignoreBrokenPipes(process);

// No top-level await: the package's build is CommonJS.
async function main(): Promise<void> {
  const problem = nodeProblem(process.version);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = ExitCode.Configuration;
    return;
  }
  // From the second start on, Node has everything compiled that is imported from here. Node's own place for it is a
  // folder that all users of a machine share, where others could put code that then handles private keys.
  enableCompileCache(join(homedir(), ".cache", "exchange-auth", "node"));
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
  });
  // A request that was cancelled keeps its timer, for up to a minute.
  // oxlint-disable-next-line unicorn/no-process-exit
  if (controller.signal.aborted) process.exit();
}

void main();
