import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { runCommand } from "../sandbox/workspace/runCommand.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes, runNode } from "./measure.ts";
import { startPlugin } from "./pluginStarts.ts";

const root = path.dirname(import.meta.dirname);

export const name = "pluginStart";

/** What the plugin for other languages takes to start, with a compile cache, as the engine and as its host start it. */
export async function run(): Promise<readonly Row[]> {
  for (const script of ["build.ts", "plugin.ts"]) await runNode(path.join(root, "scripts", script));
  const cache = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const load = (module: string): Promise<void> => requireIn(module, env);
  const plugin = path.join(root, "plugin/dist");
  const runner = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");
  try {
    const times = await medianTimes(15, {
      component: () => load(path.join(root, "dist/components/index.js")),
      server: () => load("@pulumi/pulumi/provider/index.js"),
      // What the engine starts for a stack.
      plugin: () => startPlugin(path.join(plugin, "pulumi-resource-exchange-auth"), ["127.0.0.1:0"], env),
      // What Pulumi's host starts for `pulumi package add`. It loads ts-node and TypeScript, whatever the plugin is written in.
      runner: () =>
        startPlugin(process.execPath, [path.join(runner, "index.js"), plugin, "127.0.0.1:0"], env),
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
        parts: { "the import of Pulumi's provider server": times.server / times.component },
      },
      {
        figure: "the start in Pulumi's run-plugin, for `package add` alone",
        value: times.runner,
        unit: "ms",
      },
      {
        figure: "the start in run-plugin, to the import",
        value: times.runner / times.component,
        unit: "times",
        atMost: 1.2,
        parts: {
          "the import of run-plugin alone": times.runnerAlone / times.component,
          "the import of TypeScript, which run-plugin loads": times.typescript / times.component,
        },
      },
      { figure: "the import of run-plugin alone", value: times.runnerAlone, unit: "ms" },
      { figure: "the import of TypeScript, which run-plugin loads", value: times.typescript, unit: "ms" },
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
