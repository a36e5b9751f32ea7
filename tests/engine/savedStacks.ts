import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { inject } from "vitest";

import type { PluginSource } from "../../sandbox/commands/arguments.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/createSandbox.ts";
import { defaultSeed, type TenantSeed } from "../../sandbox/tenant/index.ts";
import { sandboxFolder } from "../../sandbox/workspace/sandboxFolder.ts";
import { trustInThisProcess } from "../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { movableClock, onMovableClock } from "./standIns.ts";
import { directoryOf, up, within } from "./support.ts";
import { openSeed } from "./tenantGraph.ts";

/** The stacks that are brought up once a run: the default program in one tenant, under the name `contoso`. */
const saved = {
  /** In the built-in tenant. */
  plain: { seed: defaultSeed, ageDays: 0, plugins: undefined },
  /** Where the deployer may change everything that an audit looks at. */
  open: { seed: openSeed, ageDays: 0, plugins: undefined },
  /** The same, with a certificate made 300 of its 364 days ago, so that its successor is due. */
  due: { seed: openSeed, ageDays: 300, ...movableClock },
} as const satisfies Record<string, Saved>;

interface Saved {
  readonly seed: TenantSeed;
  readonly ageDays: number;
  /** Default: those that the environment asks for. */
  readonly plugins: PluginSource | undefined;
}

/** Names one of them. */
export type SavedStack = keyof typeof saved;

/** What a saved stack consists of; the rest of a sandbox's folder is made anew. */
const parts = ["state", "stacks", "tenantData"] as const;

/** A sandbox with a stack in it that is up. */
export interface DeployedSandbox {
  readonly sandbox: Sandbox;
  readonly stack: StackWorkspace;
  /** What `directoryOf` found in the tenant before the stack was there. */
  readonly empty: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with the saved stacks, and what each one's tenant held before it. */
    readonly savedStacks: {
      readonly folder: string;
      readonly empty: Readonly<Record<SavedStack, readonly string[]>>;
    };
  }
}

/** Brings every stack up in a folder below this one. */
export async function saveStacks(folder: string): Promise<Record<SavedStack, readonly string[]>> {
  const names = Object.keys(saved) as SavedStack[];
  const made = await Promise.all(names.map(async (name) => [name, await save(join(folder, name), name)]));
  return Object.fromEntries(made) as Record<SavedStack, readonly string[]>;
}

async function save(folder: string, name: SavedStack): Promise<readonly string[]> {
  const { ageDays } = saved[name];
  const sandbox = await createSandbox(optionsIn(folder, name));
  try {
    const stack = await sandbox.stack("contoso");
    const empty = await directoryOf(sandbox.tenant);
    const time = new Date(Date.now() - ageDays * 86_400_000).toISOString();
    const { exitCode, output } = await up(
      within(stack, { ...stack.env, ...(ageDays > 0 && { SANDBOX_TIME: time }) }),
    );
    if (exitCode !== 0) throw new Error(output);
    return empty;
  } finally {
    await sandbox.close();
  }
}

/**
 * A copy of a saved stack, with the tenant that it is in, on a server of its own: ids and certificates are those of
 * every other copy. `sandbox.close` removes it.
 */
export async function deployedSandbox(name: SavedStack = "plain"): Promise<DeployedSandbox> {
  const { folder: from, empty } = inject("savedStacks");
  const folder = mkdtempSync(join(tmpdir(), "exchange-auth-sandbox-"));
  const [source, target] = [sandboxFolder(join(from, name)), sandboxFolder(folder)];
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(source[part], target[part], { recursive: true });
  if (saved[name].plugins !== undefined) onMovableClock();
  const sandbox = await createSandbox(optionsIn(folder, name));
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  const close = async (): Promise<void> => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { sandbox: { ...sandbox, close }, stack: await sandbox.stack("contoso"), empty: empty[name] };
}

function optionsIn(folder: string, name: SavedStack): SandboxOptions {
  const { seed, plugins } = saved[name];
  const tenant = { seeds: [seed], dataFile: sandboxFolder(folder).tenantData };
  return { folder, tenant, ...(plugins !== undefined && { plugins }) };
}
