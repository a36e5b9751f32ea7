import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

import { createSandbox } from "../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../sandbox/workspace.ts";
import type { Row } from "./benchmark.ts";
import { auditManyTenants } from "./manyTenants.ts";
import { medianTimes } from "./measure.ts";
import { watchMemory } from "./processTree.ts";

export const name = "driftAndAudit";

const bare = ["pulumi", "refresh", "--preview-only", "--json", "--non-interactive"];
const drift = ["exo-auth", "drift"];

/** What `drift` costs beside Pulumi's own refresh, and `audit` in one tenant and in a thousand. */
export async function run(): Promise<readonly Row[]> {
  const sandbox = await createSandbox();
  try {
    const stack = await sandbox.stack("contoso");
    await succeed(stack, ["pulumi", "up", "--skip-preview", "--yes", "--non-interactive"]);
    const times = await medianTimes(5, {
      bare: () => succeed(stack, bare),
      drift: () => succeed(stack, drift),
      stackExport: () => succeed(stack, ["pulumi", "stack", "export", "--show-secrets"]),
      // The identity of this tenant lacks rights that an audit needs, which costs it nothing.
      audit: () => succeed(stack, ["exo-auth", "audit", "--wait", "0s"], 3),
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
          "it begins with `pulumi stack export --show-secrets`, which takes what stands above, twice what the figure takes for granted; a CPU profile of 2026-11-27 shows that it loads its packages meanwhile.",
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
    cwd: path.dirname(import.meta.dirname),
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const memory = watchMemory(child.pid ?? 0);
  await text(child.stdout);
  return memory.stop();
}
