import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { SandboxError } from "../sandboxError.ts";
import { buildPulumi } from "./build.ts";
import { downloadPulumi } from "./download.ts";
import type { Progress } from "./progress.ts";
import { reportToStandardError } from "./progress.ts";
import { executableName, isExecutable, pulumiOnPath } from "./pulumiOnPath.ts";
import { isNewEnough, pulumiVersion, versionOf } from "./pulumiVersion.ts";
import { cacheFolder, keepPulumi, keptPulumi } from "./userCache.ts";

/** A Pulumi CLI that works. */
export interface PulumiCli {
  readonly path: string;
  /** As `pulumi version` prints it, without the `v`. */
  readonly version: string;
  /** Whether Pulumi's own language host for Node lies beside it, as in every release of Pulumi. */
  readonly hasLanguageHost: boolean;
}

/** What the search depends on. */
export interface FindPulumiOptions {
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: that of this machine. */
  readonly platform?: NodeJS.Platform;
  /** The script of the npm package `pulumi`. Default: the installed one. */
  readonly runJs?: string;
  /** Takes what is done and how long it takes. Default: standard error. */
  readonly report?: Progress;
}

/**
 * Finds Pulumi's CLI: a real one on PATH that is new enough, the one that the npm package `pulumi` keeps, the one
 * in the user's cache; otherwise it is downloaded by that package or, where that is refused, built with Go.
 *
 * @throws an error that says what to install, where all of this fails
 */
export async function findPulumi(options: FindPulumiOptions = {}): Promise<PulumiCli> {
  const { env = process.env, platform = process.platform, report = reportToStandardError } = options;
  const { runJs = createRequire(import.meta.url).resolve("pulumi/run.js") } = options;
  const cache = cacheFolder(env, platform);
  const kept = keptPulumi(cache, platform);

  const found = (await newEnoughOnPath(env, platform, report)) ?? (await keptByNpmPackage(env, platform));
  if (found) return found;
  if (isExecutable(kept)) return pulumiCliAt(kept, pulumiVersion);

  const refusals: string[] = [];
  const ways = {
    "The download failed": (folder: string) => downloadPulumi(runJs, folder, env, report),
    "The build failed": (folder: string) => buildPulumi(folder, platform, env, report),
  };
  for (const [failed, make] of Object.entries(ways)) {
    try {
      return pulumiCliAt(await keepPulumi(cache, platform, env, make), pulumiVersion);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
      report(`  ${failed.toLowerCase()}: ${reason}`);
      refusals.push(`${failed}: ${reason}.`);
    }
  }
  throw new SandboxError(
    `Pulumi's CLI is missing, got none on PATH that is at least ${pulumiVersion}. ${refusals.join(" ")} ` +
      "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go (https://go.dev/doc/install), " +
      "or run this once with access to the network.",
  );
}

async function newEnoughOnPath(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  report: Progress,
): Promise<PulumiCli | undefined> {
  for (const path of pulumiOnPath(env, platform)) {
    const version = await versionOf(path, env);
    if (version !== undefined && isNewEnough(version)) return pulumiCliAt(path, version);
    report(
      `${path} is not used: ${version ? `${version} is not ${pulumiVersion} or newer` : "it does not start"}.`,
    );
  }
  return undefined;
}

async function keptByNpmPackage(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<PulumiCli | undefined> {
  const home = env["PULUMI_HOME"] || join(env["HOME"] ?? env["USERPROFILE"] ?? homedir(), ".pulumi");
  const path = join(home, "versions", pulumiVersion, "bin", executableName(platform));
  // Run it, because what a killed download leaves there may be half a file.
  return isExecutable(path) && (await versionOf(path, env)) === pulumiVersion
    ? pulumiCliAt(path, pulumiVersion)
    : undefined;
}

function pulumiCliAt(path: string, version: string): PulumiCli {
  const folder = dirname(realpathSync(path));
  const hosts = ["pulumi-language-nodejs", "pulumi-language-nodejs.exe"];
  return { path, version, hasLanguageHost: hosts.some((host) => isExecutable(join(folder, host))) };
}
