import { join } from "node:path";

import { runCommand } from "../workspace/runCommand.ts";
import type { Progress } from "./progress.ts";
import { withProgress } from "./progress.ts";
import { pulumiVersion } from "./pulumiVersion.ts";

/**
 * Has the npm package `pulumi` download the CLI with its language hosts.
 *
 * @param runJs the package's script
 * @param folder where it puts them, instead of the user's Pulumi home
 * @returns the folder that holds `bin/pulumi`
 * @throws where the download is refused, with the package's own last words
 */
export async function downloadPulumi(
  runJs: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  report: Progress,
): Promise<string> {
  report(`Downloading Pulumi's CLI ${pulumiVersion} with the npm package pulumi: about 100 MB, once.`);
  let lastLine = "connecting";
  await withProgress(
    report,
    () => lastLine,
    async () => {
      const { exitCode, stderr, stdout } = await runCommand(process.execPath, [runJs, "version"], {
        // NODE_USE_ENV_PROXY: fetch heeds HTTPS_PROXY only then.
        env: { ...env, PULUMI_HOME: folder, PULUMI_VERSION: pulumiVersion, NODE_USE_ENV_PROXY: "1" },
        timeoutMs: 15 * 60_000,
        onLine: (line) => (lastLine = line.trim() || lastLine),
      });
      if (exitCode !== 0) throw new Error(lastWords(stderr) ?? lastWords(stdout) ?? `exit code ${exitCode}`);
    },
  );
  return join(folder, "versions", pulumiVersion);
}

/** The last line that a command wrote, which is where it says why it failed. */
export function lastWords(output: string): string | undefined {
  return output.trim().split("\n").at(-1)?.trim() || undefined;
}
