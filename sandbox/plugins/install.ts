import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";

/** The plugins that have a stand-in. */
export const pluginNames = ["azuread", "random", "tls"] as const;

/** What runs the stand-ins. */
export interface InstallOptions {
  /** A folder for Node's compile cache, which makes the next start quicker. Default: `node-compile-cache` in the home. */
  readonly compileCache?: string;
  /** The Node that runs the stand-ins: 24 or newer, which reads TypeScript. Default: the one that runs this. */
  readonly node?: string;
}

/** The version of each plugin that the engine asks for: that of its installed SDK package. */
export function pluginVersions(): Readonly<Record<(typeof pluginNames)[number], string>> {
  return {
    azuread: versionOf("@pulumi/azuread"),
    random: versionOf("@pulumi/random"),
    tls: versionOf("@pulumi/tls"),
  };
}

/**
 * Puts the stand-ins for the resource plugins into a Pulumi home of the sandbox's own, where no other project finds
 * them.
 *
 * Each executable is a script that runs this project's code, so an installed stand-in is never out of date.
 */
export async function installResourcePlugins(
  pulumiHome: string,
  options: InstallOptions = {},
): Promise<void> {
  for (const [name, version] of Object.entries(pluginVersions())) {
    const folder = path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    await writeScript(folder, `pulumi-resource-${name}`, script(pulumiHome, options, ["main.ts", name]));
  }
}

/** The stand-ins for Pulumi's language hosts, by the language's name of Pulumi. */
const languageHosts = { nodejs: "languageHost.ts", python: "pythonHost.ts", go: "goHost.ts" } as const;

/**
 * Puts the stand-in for a language host into a Pulumi home of the sandbox's own. The engine prefers the official one
 * where that lies beside the CLI.
 *
 * @param tools the programs of Pulumi's that the host runs
 */
export async function installLanguageHost(
  pulumiHome: string,
  language: keyof typeof languageHosts,
  tools: readonly string[],
  options: InstallOptions = {},
): Promise<void> {
  const folder = path.join(pulumiHome, "plugins", `language-${language}-v${versionOf("@pulumi/pulumi")}`);
  const started = [languageHosts[language], ...tools];
  await writeScript(folder, `pulumi-language-${language}`, script(pulumiHome, options, started));
}

function versionOf(name: string): string {
  const { version }: { version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  return version;
}

function script(
  pulumiHome: string,
  { compileCache = path.join(pulumiHome, "node-compile-cache"), node = process.execPath }: InstallOptions,
  [main = "", ...args]: readonly string[],
): string {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const quoted = [node, path.join(folder, main), ...args].map(quote).join(" ");
  return `#!/bin/sh\nNODE_COMPILE_CACHE=${quote(compileCache)} exec ${quoted} "$@"\n`;
}

/** Puts a script in place at once, and leaves a right one alone: an engine may be starting it. */
async function writeScript(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await writeFileAtomic(file, text, { mode: 0o755 });
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
