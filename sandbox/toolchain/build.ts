import { fileURLToPath } from "node:url";
import { join } from "node:path";

import { runCommand } from "../workspace/runCommand.ts";
import { lastWords } from "./download.ts";
import type { Progress } from "./progress.ts";
import { withProgress } from "./progress.ts";
import { executableName } from "./pulumiOnPath.ts";
import { pulumiVersion } from "./pulumiVersion.ts";

/** The Go module of ours that names Pulumi's CLI and the checksums of all that it is built from. */
const moduleFolder = fileURLToPath(new URL("cli", import.meta.url));

const mainPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/**
 * Builds the CLI with Go.
 *
 * @param folder where `bin/pulumi` is written
 * @returns the folder that holds `bin/pulumi`
 * @throws where Go is missing, too old, or reaches no modules, with Go's own last words
 */
export async function buildPulumi(
  folder: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  report: Progress,
): Promise<string> {
  // C is not needed, so neither is a C compiler; settings of the user for other modules do not fit this one.
  const goEnv = { ...env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
  if (!(await hasGo(goEnv))) throw new Error("Go is not on PATH");
  report(`Building Pulumi's CLI ${pulumiVersion} with Go: 3 to 6 minutes on two cores, once.`);
  const output = join(folder, "bin", executableName(platform));
  const linkerFlags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`;
  const args = [
    "build",
    "-v",
    "-trimpath",
    "-buildvcs=false",
    "-o",
    output,
    "-ldflags",
    linkerFlags,
    mainPackage,
  ];
  let modules = 0;
  let packages = 0;
  await withProgress(
    report,
    () => `${modules} modules downloaded, ${packages} of about 1,700 packages compiled`,
    async () => {
      const { exitCode, stderr } = await runCommand("go", args, {
        cwd: moduleFolder,
        env: goEnv,
        timeoutMs: 60 * 60_000,
        onLine: (line) => {
          if (line.startsWith("go: downloading ")) modules += 1;
          else packages += 1;
        },
      });
      if (exitCode !== 0) throw new Error(lastWords(stderr) ?? `exit code ${exitCode}`);
    },
  );
  return folder;
}

async function hasGo(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    return (await runCommand("go", ["version"], { env, timeoutMs: 60_000 })).exitCode === 0;
  } catch {
    return false;
  }
}
