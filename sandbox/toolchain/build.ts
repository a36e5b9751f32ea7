import { fileURLToPath } from "node:url";
import { join } from "node:path";

import { buildWithGo } from "./goBuild.ts";
import type { Progress } from "./progress.ts";
import { executableName } from "./pulumiOnPath.ts";
import { pulumiVersion } from "./pulumiVersion.ts";

const program = {
  moduleFolder: fileURLToPath(new URL("cli", import.meta.url)),
  mainPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  version: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
  packageCount: "1,700",
};

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
  const announcement = `Building Pulumi's CLI ${pulumiVersion} with Go: 3 to 6 minutes on two cores, once.`;
  await buildWithGo(program, join(folder, "bin", executableName(platform)), announcement, env, report);
  return folder;
}
