import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PluginSource } from "./commands/arguments.ts";
import { readArguments } from "./commands/arguments.ts";
import type { Deployer } from "./workspace/environment.ts";
import { type SandboxFolder, sandboxFolder } from "./workspace/sandboxFolder.ts";
import type { TenantSeed, TenantServer, TenantServerOptions } from "./tenant/index.ts";
import { defaultSeed, startTenantServer } from "./tenant/index.ts";
import type { PreparedSandbox } from "./workspace/workspace.ts";
import { prepareSandbox } from "./workspace/workspace.ts";

/** A tenant with all that runs around it, in this process. */
export interface Sandbox extends PreparedSandbox {
  readonly folder: SandboxFolder;
  readonly tenant: TenantServer;
  /** Ends the tenant and removes the folder if it was made for this sandbox. */
  close(): Promise<void>;
}

/** How a sandbox is made. */
export interface SandboxOptions {
  /** Default: a temporary folder, which `close` removes. */
  readonly folder?: string;
  /** Default: what the environment variable SANDBOX_PLUGINS says, else the stand-ins. */
  readonly plugins?: PluginSource;
  /** The first seed's deployer is the one that commands sign in as. Default: one tenant, kept in memory. */
  readonly tenant?: TenantServerOptions;
}

/** Starts a tenant and prepares a folder in which commands work on it. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const folder = sandboxFolder(options.folder ?? mkdtempSync(join(tmpdir(), "exchange-auth-sandbox-")));
  mkdirSync(folder.path, { recursive: true });
  const removeFolder = (): void => {
    if (options.folder === undefined) rmSync(folder.path, { recursive: true, force: true });
  };
  let tenant: TenantServer | undefined;
  const close = async (): Promise<void> => {
    await tenant?.close();
    removeFolder();
  };
  try {
    tenant = await startTenantServer(options.tenant);
    const plugins = options.plugins ?? readArguments([], process.env).plugins;
    const deployer = deployerOf(options.tenant?.seeds?.[0] ?? defaultSeed);
    return { ...(await prepareSandbox({ folder, plugins, tenant, deployer })), folder, tenant, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whom commands sign in as to work on a tenant. */
export function deployerOf({ tenantId, deployer }: TenantSeed): Deployer {
  return { tenantId, clientId: deployer.clientId, clientSecret: deployer.clientSecret };
}
