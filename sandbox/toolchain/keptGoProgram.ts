import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { SandboxError } from "../sandboxError.ts";
import { buildWithGo, type GoProgram } from "./goBuild.ts";
import type { Progress } from "./progress.ts";
import { reportToStandardError } from "./progress.ts";
import { isExecutable } from "./pulumiOnPath.ts";
import { cacheFolder } from "./userCache.ts";

/** A program besides Pulumi's CLI that Go builds once, into the user's cache. */
export interface KeptGoProgram extends GoProgram {
  /** What a person calls it, at the beginning of a sentence. */
  readonly title: string;
  /** Its folder in the cache. */
  readonly cacheName: string;
  /** What tells one build from another. */
  readonly cacheVersion: string;
  /** The name of its file. */
  readonly executable: string;
  /** How long a build takes, as `2 to 4 minutes`. */
  readonly duration: string;
}

/** What the search depends on. */
export interface FindGoProgramOptions {
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what is done and how long it takes. Default: standard error. */
  readonly report?: Progress;
}

/**
 * Finds a program in the user's cache, or builds it with Go.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or fails, with its last words
 */
export async function findGoProgram(
  program: KeptGoProgram,
  { env = process.env, report = reportToStandardError }: FindGoProgramOptions = {},
): Promise<string> {
  const cache = join(dirname(cacheFolder(env, process.platform)), program.cacheName);
  const kept = join(cache, program.cacheVersion, program.executable);
  if (isExecutable(kept)) return kept;
  await mkdir(dirname(kept), { recursive: true });
  // Built beside its place, so that what is there is always whole.
  const unfinished = await mkdtemp(join(cache, ".unfinished-"));
  try {
    const built = join(unfinished, program.executable);
    const announcement = `Building ${program.title} ${program.cacheVersion} with Go: ${program.duration} on two cores, once.`;
    await buildWithGo(program, built, announcement, env, report);
    await rename(built, kept);
    return kept;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
    throw new SandboxError(
      `${program.title} is missing. The build failed: ${reason}. ` +
        "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/), which has it, or Go (https://go.dev/doc/install).",
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
