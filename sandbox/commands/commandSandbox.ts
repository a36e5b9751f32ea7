import { copyFileSync, existsSync, mkdirSync } from "node:fs";

import type { PluginSource, SandboxArguments } from "./arguments.ts";
import { commandsFolder, type SandboxFolder, sandboxFolder } from "../workspace/sandboxFolder.ts";
import { SandboxError } from "../sandboxError.ts";
import type { SharedTenant } from "./sharedTenant.ts";
import { shareTenant } from "./sharedTenant.ts";
import {
  defaultSeed,
  furtherIdentities,
  readSeedFile,
  startTenantServer,
  type TenantSeed,
} from "../tenant/index.ts";
import { identityOf } from "./identities.ts";
import type { PreparedSandbox } from "../workspace/workspace.ts";
import { prepareSandbox } from "../workspace/workspace.ts";

/** The sandbox whose data outlive a command and that commands share. */
export interface CommandSandbox extends PreparedSandbox {
  readonly folder: SandboxFolder;
  readonly tenant: SharedTenant;
  /** The tenant that commands mean. */
  readonly seed: TenantSeed;
  /** Whether no command has used the tenant before. */
  readonly isNew: boolean;
  /** The name of the stack that commands mean: that of the tenant's initial domain. */
  readonly stackName: string;
}

/** Which sandbox is opened. */
export type CommandSandboxOptions = Pick<SandboxArguments, "identity" | "seedFile" | "unkindness"> & {
  readonly plugins: PluginSource;
};

/** The tenant that commands work on where no other is given. */
const commandSeed: TenantSeed = { ...defaultSeed, identities: furtherIdentities };

/** Opens the sandbox in the repository's ignored folder; `tenant.release()` closes it. */
export async function openCommandSandbox(options: CommandSandboxOptions): Promise<CommandSandbox> {
  const { plugins, identity, seedFile, unkindness } = options;
  const folder = sandboxFolder(commandsFolder(process.env));
  const seeds = seedsOf(folder, seedFile);
  const [seed = commandSeed] = seeds;
  const signedIn = identityOf(seed, identity);
  mkdirSync(folder.path, { recursive: true });
  const isNew = !existsSync(folder.tenantData);
  let isStarted = false;
  const tenant = await shareTenant({
    running: folder.running,
    start: () => {
      isStarted = true;
      return startTenantServer({
        seeds,
        dataFile: folder.tenantData,
        ...(unkindness === undefined ? {} : { unkindness }),
      });
    },
    onWait: () => process.stderr.write("Another command still uses the tenant; this one ends with it.\n"),
  });
  try {
    if (!isStarted && (seedFile !== undefined || unkindness !== undefined)) {
      throw new SandboxError(
        "--seed and --unkind are for the command that starts the tenant, but another command runs it already. End that one (Ctrl-C), and run this again.",
      );
    }
    if (seedFile !== undefined) copyFileSync(seedFile, folder.seeds);
    const prepared = await prepareSandbox({ folder, plugins, tenant, deployer: signedIn });
    const description = `${prepared.description}, signed in as ${signedIn.name}`;
    return { ...prepared, description, folder, tenant, seed, isNew, stackName: stackNameOf(seed) };
  } catch (error) {
    await tenant.release();
    throw error;
  }
}

/** The tenants of a file, of the one that an earlier command was given, or the built-in one. */
function seedsOf({ seeds }: SandboxFolder, seedFile: string | undefined): readonly TenantSeed[] {
  if (seedFile !== undefined) return readSeedFile(seedFile);
  return existsSync(seeds) ? readSeedFile(seeds) : [commandSeed];
}

function stackNameOf({ initialDomain }: TenantSeed): string {
  return initialDomain.split(".")[0] ?? initialDomain;
}
