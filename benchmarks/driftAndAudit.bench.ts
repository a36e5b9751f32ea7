import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

import { createSandbox } from "../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import type { Row } from "./benchmark.ts";
import { auditManyTenants } from "./manyTenants.ts";
import { medianTimes, runNode } from "./measure.ts";
import { watchMemory } from "./processTree.ts";

export const name = "driftAndAudit";

const bare = ["pulumi", "refresh", "--preview-only", "--json", "--non-interactive"];
const root = path.dirname(import.meta.dirname);
/** As the package installs it. */
const installed = [process.execPath, path.join(root, "dist", "cli", "main.js")];
const drift = [...installed, "drift"];

/** What `drift` costs beside Pulumi's own refresh, and `audit` in one tenant and in a thousand. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts", "build.ts"));
  const sandbox = await createSandbox();
  try {
    const stack = await sandbox.stack("contoso");
    await succeed(stack, ["pulumi", "up", "--skip-preview", "--yes", "--non-interactive"]);
    const times = await medianTimes(5, {
      bare: () => succeed(stack, bare),
      drift: () => succeed(stack, drift),
      stackExport: () => succeed(stack, ["pulumi", "stack", "export", "--show-secrets"]),
      // The identity of this tenant lacks rights that an audit needs, which costs it nothing.
      audit: () => succeed(stack, [...installed, "audit", "--wait", "0s"], 3),
    });
    const memory = { bare: await peakOf(stack, bare), drift: await peakOf(stack, drift) };
    return [
      { figure: "pulumi refresh --preview-only", value: times.bare, unit: "ms" },
      { figure: "exo-auth drift", value: times.drift, unit: "ms", atMost: 1.15 * times.bare },
      { figure: "memory of pulumi refresh --preview-only", value: memory.bare, unit: "MB" },
      { figure: "memory of exo-auth drift", value: memory.drift, unit: "MB", atMost: memory.bare + 60 },
      { figure: "pulumi stack export --show-secrets", value: times.stackExport, unit: "ms" },
      {
        figure: "exo-auth audit of one tenant, whole process",
        value: times.audit,
        unit: "ms",
        atMost: 700,
        reason:
          "timestamps of 2026-11-27: it begins with `pulumi stack export --show-secrets` after 0.08 s, which takes what stands above (the figure takes half of it for granted), and a tenth more while the packages to sign in with load beside it on two cores; from there on it takes 0.16 s.",
      },
      ...(await auditManyTenants(1000)),
    ];
  } finally {
    await sandbox.close();
  }
}

async function succeed(
  stack: StackWorkspace,
  [command = "", ...args]: readonly string[],
  wanted = 0,
): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.run(command, args);
  if (exitCode !== wanted) throw new Error(`${command} ${args.join(" ")} failed.\n${stdout}${stderr}`);
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
  return memory.stop();
}
