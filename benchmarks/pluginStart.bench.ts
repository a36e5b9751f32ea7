import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { runCommand } from "../sandbox/workspace/runCommand.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes, runNode } from "./measure.ts";
import { startPlugin } from "./pluginStarts.ts";

const root = path.dirname(import.meta.dirname);

export const name = "pluginStart";

/** What the plugin for other languages takes to start, with a compile cache. */
export async function run(): Promise<readonly Row[]> {
  for (const script of ["build.ts", "plugin.ts"]) await runNode(path.join(root, "scripts", script));
  const cache = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const load = (module: string): Promise<void> => requireIn(module, env);
  const start = (...args: readonly string[]): Promise<void> =>
    startPlugin(process.execPath, [...args, "127.0.0.1:0"], env);
  const plugin = path.join(root, "plugin/dist");
  const runner = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");
  try {
    const times = await medianTimes(7, {
      component: () => load(path.join(root, "dist/components/index.js")),
      plugin: () => start(path.join(plugin, "plugin/main.js")),
      // What Pulumi's host starts. It loads ts-node and TypeScript first, whatever the plugin is written in.
      runner: () => start(path.join(runner, "index.js"), plugin),
      runnerAlone: () => load(path.join(runner, "run.js")),
      typescript: () => load("typescript"),
    });
    return [
      { figure: "the built component's import", value: times.component, unit: "ms" },
      { figure: "the plugin's start", value: times.plugin, unit: "ms" },
      {
        figure: "the plugin's start, to the import",
        value: times.plugin / times.component,
        unit: "times",
        atMost: 1.2,
      },
      { figure: "the plugin's start in Pulumi's run-plugin", value: times.runner, unit: "ms" },
      { figure: "the import of run-plugin alone", value: times.runnerAlone, unit: "ms" },
      { figure: "the import of TypeScript, which run-plugin loads", value: times.typescript, unit: "ms" },
      {
        figure: "the start in run-plugin, to the import",
        value: times.runner / times.component,
        unit: "times",
        atMost: 1.2,
      },
    ];
  } finally {
    rmSync(cache, { recursive: true });
  }
}

async function requireIn(module: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ["--eval", `require(${JSON.stringify(module)})`];
  const { exitCode, stderr } = await runCommand(process.execPath, args, { cwd: root, env });
  if (exitCode !== 0) throw new Error(stderr);
}
