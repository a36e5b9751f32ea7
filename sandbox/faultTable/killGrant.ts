import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import type { TenantServer } from "../tenant/index.ts";
import { repository } from "../workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import type { MetRequest } from "./grantRun.ts";

/**
 * Runs `exo-auth grant --yes`, and kills it when the tenant has done what a request asks and not answered it.
 *
 * @param flags more options of the command
 * @returns false where the command ended before such a request came
 */
export async function killGrant(
  { env }: StackWorkspace,
  tenant: TenantServer,
  { matcher, skip }: MetRequest,
  flags: readonly string[] = [],
): Promise<boolean> {
  const release = new AbortController();
  const until = once(release.signal, "abort");
  const fault = tenant.faults.add(matcher, { kind: "holdAnswer", until }, 1, skip);
  const command = ["cli/main.ts", "grant", "--yes", ...flags];
  const child = spawn(process.execPath, command, { cwd: repository, env, stdio: "ignore" });
  const over = new AbortController();
  const ended = once(child, "exit").finally(() => over.abort());
  try {
    // oxlint-disable-next-line no-await-in-loop -- the request comes when it comes.
    while (!over.signal.aborted && fault.hits === 0) await setTimeout(5);
    child.kill("SIGKILL");
    await ended;
    return fault.hits > 0;
  } finally {
    release.abort();
    fault.remove();
  }
}
