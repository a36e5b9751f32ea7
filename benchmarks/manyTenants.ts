import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";

import { deployerPermissions, readerPermissions } from "../microsoft/identityPermissions.ts";
import { createSandbox, deployerOf, type Sandbox } from "../sandbox/createSandbox.ts";
import { defaultSeed, type TenantSeed } from "../sandbox/tenant/index.ts";
import { type SandboxFolder, sandboxFolder } from "../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import { copyStacks } from "../tests/engine/copiedStacks.ts";
import type { Row } from "./benchmark.ts";

/** How long the tenants of a thousand take for each answer. */
export const latencyMs = 100;

/** A tenant whose deploying identity may read all that an audit reads. */
export const auditableSeed: TenantSeed = {
  ...defaultSeed,
  deployer: {
    ...defaultSeed.deployer,
    permissions: [...new Set([...deployerPermissions, ...readerPermissions])],
  },
};

/** What the tenant's and the stack's files call it. */
const made = "contoso";

/**
 * What it takes to audit each of many tenants with a command of its own, as many at once as there are cores. One tenant
 * gets its application from the component; the others, with their stacks, are copies of it under other names.
 *
 * @param audit runs the command for a stack, and fails where the audit does
 */
export async function auditManyTenants(
  count: number,
  audit: (stack: StackWorkspace) => Promise<void>,
): Promise<readonly Row[]> {
  return withManyTenants(count, latencyMs, async (sandbox) => {
    const ms = await auditAll(sandbox, audit);
    const atOnce = availableParallelism();
    return [
      {
        figure: `exo-auth audit of ${count} tenants, ${atOnce} at once, ${latencyMs} ms latency`,
        value: ms,
        unit: "ms",
      },
    ];
  });
}

/**
 * Measures in a sandbox with many tenants, each with a stack. One gets its application from the component; the others are
 * copies of it.
 *
 * @param latency how long each answer of a tenant takes, in milliseconds
 */
export async function withManyTenants<Result>(
  count: number,
  latency: number,
  measure: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const folder = sandboxFolder(mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-")));
  try {
    const sandbox = await sandboxOfCopies(folder, count, latency);
    try {
      return await measure(sandbox);
    } finally {
      await sandbox.close();
    }
  } finally {
    rmSync(folder.path, { recursive: true });
  }
}

async function sandboxOfCopies(folder: SandboxFolder, count: number, latency: number): Promise<Sandbox> {
  const dataFile = folder.tenantData;
  const first = await createSandbox({ folder: folder.path, tenant: { seeds: [auditableSeed], dataFile } });
  try {
    const stack = await first.stack(made);
    const { exitCode, stderr } = await stack.run("pulumi", ["up", "--skip-preview", "--yes"]);
    if (exitCode !== 0) throw new Error(stderr);
  } finally {
    await first.close();
  }
  const seeds = Array.from({ length: count }, (_, index) => ({
    ...auditableSeed,
    tenantId: randomUUID(),
    initialDomain: `tenant${index}.onmicrosoft.com`,
  }));
  copyStacks(
    folder,
    seeds.map((seed) => ({ name: stackOf(seed), tenantId: seed.tenantId, from: folder })),
  );
  return createSandbox({ folder: folder.path, tenant: { seeds, dataFile, latencyMs: latency } });
}

/** The name of a tenant's stack. */
export function stackOf({ initialDomain }: TenantSeed): string {
  return initialDomain.split(".")[0] ?? initialDomain;
}

async function auditAll(sandbox: Sandbox, audit: (stack: StackWorkspace) => Promise<void>): Promise<number> {
  const stacks: StackWorkspace[] = [];
  for (const seed of sandbox.tenant.seeds)
    stacks.push(await sandbox.stack(stackOf(seed), { deployer: deployerOf(seed) }));
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (let stack = stacks.pop(); stack; stack = stacks.pop()) await audit(stack);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return performance.now() - start;
}
