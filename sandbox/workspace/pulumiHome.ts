import { existsSync, globSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

import type { PluginSource } from "../commands/arguments.ts";
import {
  installLanguageHost,
  installResourcePlugins,
  pluginNames,
  pluginVersions,
} from "../plugins/install.ts";
import { SandboxError } from "../sandboxError.ts";
import { repository } from "./sandboxFolder.ts";
import type { PulumiCli } from "../toolchain/findPulumi.ts";
import { findPythonExecutor } from "../toolchain/pythonExecutor.ts";
import { findSdkGenerator } from "../toolchain/sdkGenerator.ts";
import { findYamlHost, yamlHostVersion } from "../toolchain/yamlHost.ts";

/** A Pulumi home in a sandbox. */
export interface PulumiHome {
  readonly path: string;
  /** The plugins that the engine will run, with their versions, in words. */
  readonly plugins: string;
  /** The language host that the engine will run, in words. */
  readonly languageHost: string;
}

/** What a sandbox runs, in one line: the CLI, the plugins and the language host that there are, not what is wanted. */
export function inUse(cli: PulumiCli, { plugins, languageHost }: PulumiHome): string {
  return `Pulumi ${cli.version} (${cli.path}), ${plugins}, ${languageHost}`;
}

/**
 * Prepares a Pulumi home of one kind of plugins below a folder; each kind has its own, so that neither is ever taken
 * for the other. Official plugins are linked from the user's Pulumi home (`PULUMI_HOME`, or `~/.pulumi`); the engine
 * downloads what is missing there. What lies in the home already is left alone, since another command may be using it.
 *
 * @throws SandboxError on a system where these plugins would not work
 */
export async function preparePulumiHome(
  folder: string,
  source: PluginSource,
  cli: PulumiCli,
  outer: NodeJS.ProcessEnv,
): Promise<PulumiHome> {
  refuseUnfitPlatform(source);
  const path = join(folder, "home", source);
  mkdirSync(join(path, "plugins"), { recursive: true });
  if (source === "official") linkOfficialPlugins(folder, path, outer);
  else await installResourcePlugins(path, { compileCache });
  await installLanguageHost(path, "nodejs", [], { compileCache });
  return {
    path,
    plugins: `${source} plugins (${pluginsIn(path)})`,
    languageHost: `${cli.hasLanguageHost ? "official" : "stand-in"} language host`,
  };
}

/**
 * Puts the host of a project's language into a Pulumi home, for a CLI that has none beside it: Pulumi's own for YAML, and
 * a stand-in for each of the others. That for Node is in every home.
 *
 * @throws SandboxError where what it needs can neither be found nor built
 */
export async function installHostOf(
  runtime: string,
  home: string,
  cli: PulumiCli,
  outer: NodeJS.ProcessEnv,
): Promise<void> {
  if (cli.hasLanguageHost) return;
  const find = { env: outer };
  if (runtime === "yaml") await installYamlHost(home, outer);
  if (runtime === "python")
    await installLanguageHost(home, runtime, [await findPythonExecutor(find), await findSdkGenerator(find)], {
      compileCache,
    });
  if (runtime === "go")
    await installLanguageHost(home, runtime, [await findSdkGenerator(find)], { compileCache });
}

async function installYamlHost(home: string, outer: NodeJS.ProcessEnv): Promise<void> {
  const folder = join(home, "plugins", `language-yaml-v${yamlHostVersion}`);
  const place = join(folder, "pulumi-language-yaml");
  if (existsSync(place)) return;
  const host = await findYamlHost({ env: outer });
  mkdirSync(folder, { recursive: true });
  symlinkSync(host, place);
}

/** Each plugin with the version that the engine asks for, and whether it is there. */
function pluginsIn(home: string): string {
  return Object.entries(pluginVersions())
    .map(([name, version]) => {
      const isThere = existsSync(join(home, "plugins", `resource-${name}-v${version}`));
      return `${name} ${version}${isThere ? "" : " is not there: the engine downloads it"}`;
    })
    .join(", ");
}

/** One for all sandboxes, since a plugin starts in half the time once its code has been compiled. */
export const compileCache = join(repository, "node_modules", ".cache", "exchange-auth-sandbox");

/** A script cannot be a plugin on Windows, and only on Linux does Go trust what SSL_CERT_FILE names. */
function refuseUnfitPlatform(source: PluginSource): void {
  if (process.platform === "win32") {
    throw new SandboxError("The sandbox runs on Linux and macOS, got Windows. Run it in WSL.");
  }
  if (source === "official" && process.platform !== "linux") {
    throw new SandboxError(
      `Official plugins trust the sandbox's tenant on Linux only, got ${process.platform}. ` +
        "Leave out --plugins official and SANDBOX_PLUGINS.",
    );
  }
}

function linkOfficialPlugins(folder: string, path: string, outer: NodeJS.ProcessEnv): void {
  // Within a sandbox, PULUMI_HOME is the sandbox's own, which may hold stand-ins.
  const given = outer["PULUMI_HOME"] ?? "";
  const userHome = given === "" || given.startsWith(folder) ? join(homedir(), ".pulumi") : given;
  for (const plugin of globSync(
    join(userHome, "plugins", `resource-{${pluginNames.join(",")}}-v+([0-9.])`),
  )) {
    // A plugin whose installation did not end has a .partial file beside it. The engine overlooks folders that are links.
    const linked = join(path, "plugins", basename(plugin));
    if (existsSync(`${plugin}.partial`) || existsSync(linked)) continue;
    mkdirSync(linked);
    for (const file of readdirSync(plugin)) symlinkSync(join(plugin, file), join(linked, file));
  }
}
