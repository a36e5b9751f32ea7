import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import { repository } from "../workspace/sandboxFolder.ts";
import type { RequestMatcher, TenantServer } from "../tenant/index.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";

/** How long Pulumi has to write down what it does beside the request that is not answered. */
const settleMs = 1000;

/**
 * Runs Pulumi and kills it, with all that it started, when the tenant has done what the first matching request asks and
 * not answered it yet.
 *
 * @param skip how many matching requests go by first
 * @returns false where Pulumi ended before such a request came
 */
export async function killAfter(
  stack: StackWorkspace,
  args: readonly string[],
  tenant: TenantServer,
  matcher: RequestMatcher,
  skip = 0,
): Promise<boolean> {
  const release = new AbortController();
  const until = once(release.signal, "abort");
  const fault = tenant.faults.add(matcher, { kind: "holdAnswer", until }, 1, skip);
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    cwd: repository,
    env: stack.env,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("exit", () => resolve());
  });
  let isRunning = true;
  void ended.finally(() => {
    isRunning = false;
  });
  try {
    // oxlint-disable-next-line no-unmodified-loop-condition -- the process's end changes it
    while (isRunning && fault.hits === 0) await setTimeout(5);
    // Where the kill hits the writing of the state, a file of it is cut off: a fault of its own, and not this one.
    if (isRunning) await setTimeout(settleMs);
    if (isRunning && child.pid !== undefined) killTree(child.pid);
    await ended;
    return fault.hits > 0;
  } finally {
    release.abort();
    fault.remove();
  }
}

/** Kills a process and all that it started, some of which have process groups of their own. */
function killTree(root: number): void {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree)
    tree.push(...processes.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : [])));
  for (const pid of tree) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended with the one before.
    }
  }
}
