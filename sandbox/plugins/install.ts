import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";

/** The plugins that have a stand-in. */
export const pluginNames = ["azuread", "random", "tls"] as const;

/** Where the stand-ins are put, and what runs them. */
export interface InstallOptions {
  /** A folder for Node's compile cache, which makes the next start quicker. Default: `node-compile-cache` in the home. */
  readonly compileCache?: string;
  /** The Node that runs the stand-ins: 24 or newer, which reads TypeScript. Default: the one that runs this. */
  readonly node?: string;
}

/** What was installed. */
export interface Installed {
  /** Versions of the plugins by name: what the installed SDK packages ask for. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Puts the stand-ins for the resource plugins and for the Node language host into a Pulumi home of the sandbox's own,
 * where no other project finds them.
 *
 * Each executable is a script that runs this project's code, so an installed stand-in is never out of date.
 */
export async function installPlugins(pulumiHome: string, options: InstallOptions = {}): Promise<Installed> {
  const cache = options.compileCache ?? path.join(pulumiHome, "node-compile-cache");
  const node = options.node ?? process.execPath;
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const versions = Object.fromEntries(pluginNames.map((name) => [name, versionOf(`@pulumi/${name}`)]));
  for (const [name, version] of Object.entries(versions)) {
    const target = path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    await writeScript(
      target,
      `pulumi-resource-${name}`,
      script(cache, node, [path.join(folder, "main.ts"), name]),
    );
  }
  const host = script(cache, node, [path.join(folder, "languageHost.ts")]);
  await writeScript(
    path.join(pulumiHome, "plugins", `language-nodejs-v${versionOf("@pulumi/pulumi")}`),
    "pulumi-language-nodejs",
    host,
  );
  return { versions };
}

function versionOf(name: string): string {
  const { version }: { version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  return version;
}

function script(cache: string, node: string, words: readonly string[]): string {
  const quoted = [node, ...words].map(quote).join(" ");
  return `#!/bin/sh\nNODE_COMPILE_CACHE=${quote(cache)} exec ${quoted} "$@"\n`;
}

async function writeScript(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  await writeFile(file, text);
  await chmod(file, 0o755);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
