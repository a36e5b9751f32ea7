import { copyFile, mkdir, rename } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { SandboxError } from "../sandboxError.ts";
import { runCommand } from "../workspace/runCommand.ts";
import { lastWords } from "./download.ts";
import type { FindGoProgramOptions } from "./keptGoProgram.ts";
import { pulumiVersion } from "./pulumiVersion.ts";
import { cacheFolder } from "./userCache.ts";

/** The Go module that has it, in the folder whose `go.sum` has its checksum. */
const module = "github.com/pulumi/pulumi/sdk/v3";
const moduleFolder = fileURLToPath(new URL("sdks", import.meta.url));

/**
 * Finds Pulumi's script that runs a program in Python, in the user's cache or in the Go module that has it. A CLI as
 * Pulumi releases it has one beside it, and needs none of this.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or cannot download the module, with its last words
 */
export async function findPythonExecutor({ env = process.env }: FindGoProgramOptions = {}): Promise<string> {
  const name = "pulumi-language-python-exec";
  const cache = join(dirname(cacheFolder(env, process.platform)), "pulumi-python");
  const kept = join(cache, pulumiVersion, name);
  if (existsSync(kept)) return kept;
  const source = join(await downloadModule(env), "python", "cmd", name);
  await mkdir(dirname(kept), { recursive: true });
  // Copied beside its place, so that what is there is always whole.
  const unfinished = `${kept}-${process.pid}`;
  await copyFile(source, unfinished);
  await rename(unfinished, kept);
  return kept;
}

/** Downloads the module unless Go has it, and gives its folder. */
async function downloadModule(env: NodeJS.ProcessEnv): Promise<string> {
  const goEnv = { ...env, GOFLAGS: "", GOWORK: "off" };
  const args = ["mod", "download", "-json", module];
  try {
    const { exitCode, stdout, stderr } = await runCommand("go", args, { cwd: moduleFolder, env: goEnv });
    if (exitCode !== 0) throw new Error(lastWords(stderr) ?? `go ended with ${exitCode}`);
    return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "Go is not on PATH" : (error as Error).message;
    throw new SandboxError(
      `Pulumi's script that runs Python programs is missing: ${reason.replace(/\.$/, "")}. ` +
        "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/), which has it, or Go (https://go.dev/doc/install).",
    );
  }
}
