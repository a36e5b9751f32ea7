import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import { executableName, isExecutable } from "./pulumiOnPath.ts";
import { pulumiVersion, versionOf } from "./pulumiVersion.ts";

/** Where this user's Pulumi CLIs are kept, each in a folder named after its version: outside of every clone. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return join(userCache(env, platform), "exchange-auth", "pulumi");
}

function userCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  if (platform === "win32") return env["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Caches");
  const { XDG_CACHE_HOME } = env;
  // The XDG specification has relative paths ignored.
  return XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, ".cache");
}

/** The path of the kept CLI, whether it is there or not. */
export function keptPulumi(cache: string, platform: NodeJS.Platform): string {
  return join(cache, pulumiVersion, "bin", executableName(platform));
}

/**
 * Makes a CLI in a folder of its own and puts it into the cache in one step, so that what is there is always
 * whole: a run that is killed leaves only a folder of another name, which a later run removes.
 *
 * @param make fills the folder that it is given and returns the one that holds `bin/pulumi`
 * @returns the path of the kept CLI; that of another run where it was first
 */
export async function keepPulumi(
  cache: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  make: (folder: string) => Promise<string>,
): Promise<string> {
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const unfinished = await mkdtemp(join(cache, unfinishedPrefix));
  try {
    const made = await make(join(unfinished, "new"));
    const version = await versionOf(join(made, "bin", executableName(platform)), env);
    if (version !== pulumiVersion) {
      throw new Error(`the new executable is not Pulumi ${pulumiVersion}, got ${version ?? "no version"}`);
    }
    return await moveIntoPlace(made, keptPulumi(cache, platform), join(cache, pulumiVersion), unfinished);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const unfinishedPrefix = ".unfinished-";

async function moveIntoPlace(made: string, kept: string, place: string, unfinished: string): Promise<string> {
  // Something broken in the way goes with the unfinished folder.
  if (!isExecutable(kept)) await rename(place, join(unfinished, "broken")).catch(ignoreCode("ENOENT"));
  await rename(made, place).catch((error: unknown) => {
    if (!isExecutable(kept)) throw error;
  });
  return kept;
}

/** A build takes minutes, so what is a day old is nobody's any more. */
async function removeLeftovers(cache: string): Promise<void> {
  const dayAgo = Date.now() - 24 * 60 * 60 * 1000;
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    if (!name.startsWith(unfinishedPrefix)) continue;
    // Another run may have finished in the meantime.
    const mtimeMs = (await stat(folder).catch(ignoreCode("ENOENT")))?.mtimeMs;
    if (mtimeMs !== undefined && mtimeMs < dayAgo) await rm(folder, { recursive: true, force: true });
  }
}

function ignoreCode(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof Error && "code" in error && error.code === code)) throw error;
  };
}
