import { mkdirSync } from "node:fs";

import type { PluginSource } from "./arguments.ts";
import { deployerOf } from "../createSandbox.ts";
import { commandsFolder, type SandboxFolder, sandboxFolder } from "../workspace/sandboxFolder.ts";
import type { SharedTenant } from "./sharedTenant.ts";
import { shareTenant } from "./sharedTenant.ts";
import { defaultSeed, startTenantServer } from "../tenant/index.ts";
import type { PreparedSandbox } from "../workspace/workspace.ts";
import { prepareSandbox } from "../workspace/workspace.ts";

/** The sandbox whose data outlive a command and that commands share. */
export interface CommandSandbox extends PreparedSandbox {
  readonly folder: SandboxFolder;
  readonly tenant: SharedTenant;
}

/** The stack that commands mean. */
export const stackName = "contoso";

/** The tenant that they work on. */
export const commandSeed = defaultSeed;

/** Opens the sandbox in the repository's ignored folder; `tenant.release()` closes it. */
export async function openCommandSandbox(plugins: PluginSource): Promise<CommandSandbox> {
  const folder = sandboxFolder(commandsFolder(process.env));
  mkdirSync(folder.path, { recursive: true });
  const tenant = await shareTenant({
    running: folder.running,
    start: () => startTenantServer({ seeds: [commandSeed], dataFile: folder.tenantData }),
    onWait: () => process.stderr.write("Another command still uses the tenant; this one ends with it.\n"),
  });
  try {
    const prepared = await prepareSandbox({ folder, plugins, tenant, deployer: deployerOf(commandSeed) });
    return { ...prepared, folder, tenant };
  } catch (error) {
    await tenant.release();
    throw error;
  }
}
