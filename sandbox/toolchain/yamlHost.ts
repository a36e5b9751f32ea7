import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { SandboxError } from "../sandboxError.ts";
import { buildWithGo } from "./goBuild.ts";
import type { Progress } from "./progress.ts";
import { reportToStandardError } from "./progress.ts";
import { isExecutable } from "./pulumiOnPath.ts";
import { cacheFolder } from "./userCache.ts";

/** The version of Pulumi's language host for YAML that belongs to the CLI of `pulumiVersion.ts`. */
export const yamlHostVersion = "1.38.3";

const executable = "pulumi-language-yaml";

const program = {
  moduleFolder: fileURLToPath(new URL("yaml", import.meta.url)),
  mainPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  version: `github.com/pulumi/pulumi-yaml/pkg/version.Version=v${yamlHostVersion}`,
  packageCount: "700",
};

/** What the search depends on. */
export interface FindYamlHostOptions {
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what is done and how long it takes. Default: standard error. */
  readonly report?: Progress;
}

/**
 * Finds Pulumi's language host for YAML in the user's cache, or builds it with Go. A CLI as Pulumi releases it has one
 * beside it, and needs none of this.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or fails, with its last words
 */
export async function findYamlHost(options: FindYamlHostOptions = {}): Promise<string> {
  const { env = process.env, report = reportToStandardError } = options;
  const cache = join(dirname(cacheFolder(env, process.platform)), "pulumi-yaml");
  const kept = join(cache, yamlHostVersion, executable);
  if (isExecutable(kept)) return kept;
  await mkdir(dirname(kept), { recursive: true });
  // Built beside its place, so that what is there is always whole.
  const unfinished = await mkdtemp(join(cache, ".unfinished-"));
  try {
    const built = join(unfinished, executable);
    const announcement = `Building Pulumi's language host for YAML ${yamlHostVersion} with Go: 2 to 4 minutes on two cores, once.`;
    await buildWithGo(program, built, announcement, env, report);
    await rename(built, kept);
    return kept;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
    throw new SandboxError(
      `Pulumi's language host for YAML is missing. The build failed: ${reason}. ` +
        "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/), which has it, or Go (https://go.dev/doc/install).",
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
