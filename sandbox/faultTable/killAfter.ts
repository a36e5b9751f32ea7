import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { RequestMatcher, TenantServer } from "../tenant/index.ts";
import { repository } from "../workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import { OperationsInProgress } from "./operationsInProgress.ts";
import { continueProcesses, killProcesses, stopTree } from "./processTree.ts";

/** How often a condition is looked at. */
const lookMs = 5;

/** When to kill. */
export interface KillMoment {
  /** How many matching requests go by first. @default none */
  readonly skip?: number;
  /** What the engine does on its own, whenever it comes to it, and has to be done. @default nothing */
  readonly isReady?: () => boolean;
}

/**
 * Runs Pulumi and kills it, with all that it started, when the tenant has done what the first matching request asks and
 * not answered it yet, and the engine has ended and written down whatever else it had begun.
 *
 * @param args an operation that prints its events with `--json`
 * @param moment which of the matching requests it is, and whether something else is there that has to be
 * @returns false where Pulumi ended before such a request came
 */
export async function killAfter(
  stack: StackWorkspace,
  args: readonly string[],
  tenant: TenantServer,
  matcher: RequestMatcher,
  { skip = 0, isReady = () => true }: KillMoment = {},
): Promise<boolean> {
  const release = new AbortController();
  const until = once(release.signal, "abort");
  const fault = tenant.faults.add(matcher, { kind: "holdAnswer", until }, 1, skip);
  const child = spawn("pulumi", [...args, "--json", "--non-interactive"], {
    cwd: repository,
    env: stack.env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const running = new OperationsInProgress();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => running.read(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("exit", () => resolve());
  });
  let isRunning = true;
  void ended.finally(() => {
    isRunning = false;
  });
  try {
    // oxlint-disable-next-line no-unmodified-loop-condition -- the process's end changes it
    while (isRunning) {
      // The one that is left is that of the request, or, where the request belongs to none, harmless.
      if (fault.hits > 0 && running.count <= 1 && child.pid !== undefined && isReady()) {
        await killBetweenWrites(stack, child.pid);
        break;
      }
      await setTimeout(lookMs);
    }
    await ended;
    return fault.hits > 0;
  } finally {
    release.abort();
    fault.remove();
  }
}

/**
 * Kills Pulumi, with all that it started, while it writes no file of its state.
 *
 * @param pid Pulumi's process
 */
export async function killBetweenWrites(stack: StackWorkspace, pid: number): Promise<void> {
  for (;;) {
    const stopped = stopTree(pid);
    if (isStateWhole(stack)) return killProcesses(stopped);
    continueProcesses(stopped);
    await setTimeout(lookMs);
  }
}

/** Whether no file of the state is half written: a kill that leaves one is a fault of its own, and not this one. */
function isStateWhole({ name, env }: StackWorkspace): boolean {
  const backend = env["PULUMI_BACKEND_URL"]?.replace("file://", "") ?? "";
  const files = globSync(join(backend, ".pulumi", "stacks", "*", `${name}.json{,.attrs}`));
  return files.every((file) => isJson(readFileSync(file, "utf8")));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
