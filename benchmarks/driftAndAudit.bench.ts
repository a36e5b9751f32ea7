import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

import { createSandbox } from "../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import type { Row } from "./benchmark.ts";
import { auditableSeed, auditManyTenants } from "./manyTenants.ts";
import { medianTimes, runNode } from "./measure.ts";
import { succeed } from "./operation.ts";
import { watchMemory } from "./processTree.ts";

export const name = "driftAndAudit";

const bare = ["pulumi", "refresh", "--preview-only", "--json", "--non-interactive"];
const root = path.dirname(import.meta.dirname);
/** As the package installs it. */
const installed = [process.execPath, path.join(root, "dist", "cli", "main.js")];
const drift = [...installed, "drift"];
const audit = [...installed, "audit", "--wait", "0s"];

/** What `drift` costs beside Pulumi's own refresh, and `audit` in one tenant and in a thousand, all as commands. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts", "build.ts"));
  const sandbox = await createSandbox({ tenant: { seeds: [auditableSeed] } });
  try {
    const stack = await sandbox.stack("contoso");
    await succeed(stack, ["pulumi", "up", "--skip-preview", "--yes", "--non-interactive"]);
    const times = await medianTimes(5, {
      bare: () => succeed(stack, bare),
      drift: () => succeed(stack, drift),
      stackExport: () => succeed(stack, ["pulumi", "stack", "export", "--show-secrets"]),
      audit: () => succeed(stack, audit),
    });
    const memory = {
      bare: await peakOf(stack, bare),
      drift: await peakOf(stack, drift),
      audit: await peakOf(stack, audit),
    };
    return [
      { figure: "pulumi refresh --preview-only", value: times.bare, unit: "ms" },
      { figure: "exo-auth drift", value: times.drift, unit: "ms", atMost: 1.15 * times.bare },
      { figure: "memory of pulumi refresh --preview-only", value: memory.bare, unit: "MB" },
      { figure: "memory of exo-auth drift", value: memory.drift, unit: "MB", atMost: memory.bare + 60 },
      { figure: "pulumi stack export --show-secrets", value: times.stackExport, unit: "ms" },
      { figure: "exo-auth audit", value: times.audit, unit: "ms", atMost: 700 },
      { figure: "memory of exo-auth audit", value: memory.audit, unit: "MB" },
      ...(await auditManyTenants(1000, (one) => succeed(one, audit))),
    ];
  } finally {
    await sandbox.close();
  }
}

/** The most memory that a command and all its children held, in MB. */
async function peakOf({ env }: StackWorkspace, [command = "", ...args]: readonly string[]): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const memory = watchMemory(child.pid ?? 0);
  await text(child.stdout);
  return memory.stop().all;
}
