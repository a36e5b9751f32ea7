import path from "node:path";
import { performance } from "node:perf_hooks";

import { createSandbox, type Sandbox } from "../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../sandbox/workspace.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes } from "./measure.ts";

export const name = "stack";

/** What the default component costs on Pulumi's engine, beside an empty program; without the plugins' own waits. */
export async function run(): Promise<readonly Row[]> {
  const sandbox = await createSandbox();
  try {
    const ours = await sandbox.stack("contoso");
    const empty = await sandbox.stack("empty", { project: path.join(import.meta.dirname, "empty") });
    const upEmpty = await measured(sandbox, empty, "up", "--skip-preview", "--yes");
    const up = await measured(sandbox, ours, "up", "--skip-preview", "--yes");
    const preview = await medianTimes(5, {
      empty: () => pulumi(empty, "preview"),
      ours: () => pulumi(ours, "preview", "--expect-no-changes"),
    });
    const refresh = await measured(sandbox, ours, "preview", "--refresh", "--expect-no-changes");
    const destroy = await measured(sandbox, ours, "destroy", "--skip-preview", "--yes");
    return [
      { figure: "Graph requests of up", value: up.requests, unit: "requests", atMost: 33 },
      { figure: "tokens of up", value: up.tokens, unit: "requests", atMost: 1 },
      { figure: "up of an empty program", value: upEmpty.ms, unit: "ms" },
      { figure: "up", value: up.ms, unit: "ms" },
      { figure: "preview of an empty program", value: preview.empty, unit: "ms" },
      { figure: "preview without changes", value: preview.ours, unit: "ms", atMost: 1.25 * preview.empty },
      {
        figure: "Graph requests of preview --refresh",
        value: refresh.requests,
        unit: "requests",
        atMost: 12,
      },
      { figure: "preview --refresh", value: refresh.ms, unit: "ms" },
      { figure: "destroy", value: destroy.ms, unit: "ms" },
    ];
  } finally {
    await sandbox.close();
  }
}

/** Runs one operation and counts what it asks of the tenant. */
async function measured(
  { tenant }: Sandbox,
  stack: StackWorkspace,
  ...args: readonly string[]
): Promise<{ ms: number; requests: number; tokens: number }> {
  tenant.clearRequests();
  const start = performance.now();
  await pulumi(stack, ...args);
  const paths = tenant.requests.map((request) => request.path);
  return {
    ms: performance.now() - start,
    requests: paths.filter((asked) => /^\/(v1\.0|beta)\//.test(asked)).length,
    tokens: paths.filter((asked) => asked.endsWith("/oauth2/v2.0/token")).length,
  };
}

async function pulumi(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...args, "--non-interactive"]);
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed.\n${stdout}${stderr}`);
}
