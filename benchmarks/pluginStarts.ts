import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import { medianTimes } from "./measure.ts";

/** How long a stack's resource plugins take to start one after the other, as the engine starts them, in milliseconds. */
export async function pluginStarts({ env }: StackWorkspace): Promise<number> {
  const plugins = globSync(path.join(env["PULUMI_HOME"] ?? "", "plugins", "resource-*", "pulumi-resource-*"));
  const { ms } = await medianTimes(3, {
    ms: async () => {
      for (const plugin of plugins) await startPlugin(plugin, ["127.0.0.1:0"], env);
    },
  });
  return ms;
}

/** Starts a plugin and ends it once it says at which port it listens. */
export async function startPlugin(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  await once(createInterface(child.stdout), "line");
  child.kill("SIGINT");
  await ended;
}
