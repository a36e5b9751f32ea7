import { performance } from "node:perf_hooks";

import type { Sandbox } from "../sandbox/createSandbox.ts";
import type { RequestLogEntry } from "../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";

export const up = ["up", "--skip-preview", "--yes"];
export const destroy = ["destroy", "--skip-preview", "--yes"];

/** One run of Pulumi. */
export interface Operation {
  readonly ms: number;
  /** What it asked of the tenant. */
  readonly requests: readonly RequestLogEntry[];
}

/** Runs one operation and keeps what it asked of the tenant. */
export async function measured(
  { tenant }: Sandbox,
  stack: StackWorkspace,
  ...args: readonly string[]
): Promise<Operation> {
  tenant.clearRequests();
  const start = performance.now();
  await pulumi(stack, ...args);
  return { ms: performance.now() - start, requests: tenant.requests };
}

/** Runs Pulumi; the plugins wait as long as the official ones do. @throws where it fails */
export async function pulumi(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  const env = { ...stack.env, SANDBOX_REAL_WAITS: "1" };
  await succeed(stack, ["pulumi", ...args, "--non-interactive"], env);
}

/** Runs a command on a stack. @throws where it fails, since its time would mean nothing */
export async function succeed(
  stack: StackWorkspace,
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv = stack.env,
): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.run(command, args, { env });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} failed.\n${stdout}${stderr}`);
}
