import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { SandboxError } from "../sandboxError.ts";
import { type Archive, archiveFor } from "./archive.ts";
import { buildPulumi } from "./build.ts";
import { downloadPulumi } from "./download.ts";
import type { Progress } from "./progress.ts";
import { reportToStandardError } from "./progress.ts";
import { isExecutable, pulumiOnPath } from "./pulumiOnPath.ts";
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
  /** What is downloaded. Default: Pulumi's own archive for the platform. */
  readonly archive?: Archive;
  /** Takes what is done and how long it takes. Default: standard error. */
  readonly report?: Progress;
}

/**
 * Finds Pulumi's CLI: one on PATH that is new enough, or the one in the user's cache; otherwise Pulumi's own archive is
 * downloaded, which must have its checksum, or, where that is refused, the CLI is built with Go.
 *
 * @throws an error that says what to install, where all of this fails
 */
export async function findPulumi(options: FindPulumiOptions = {}): Promise<PulumiCli> {
  const { env = process.env, platform = process.platform, report = reportToStandardError } = options;
  const { archive = archiveFor(platform, process.arch) } = options;
  const cache = cacheFolder(env, platform);
  const kept = keptPulumi(cache, platform);

  const found = await newEnoughOnPath(env, platform, report);
  if (found) return found;
  if (isExecutable(kept)) return pulumiCliAt(kept, pulumiVersion);

  const refusals: string[] = [];
  const ways = {
    "The download failed": (folder: string) => downloadPulumi(archive, folder, env, report),
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

function pulumiCliAt(path: string, version: string): PulumiCli {
  const folder = dirname(realpathSync(path));
  const hosts = ["pulumi-language-nodejs", "pulumi-language-nodejs.exe"];
  return { path, version, hasLanguageHost: hosts.some((host) => isExecutable(join(folder, host))) };
}
