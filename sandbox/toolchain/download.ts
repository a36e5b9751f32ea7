import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCommand } from "../workspace/runCommand.ts";
import type { Archive } from "./archive.ts";
import type { Progress } from "./progress.ts";
import { withProgress } from "./progress.ts";
import { pulumiVersion } from "./pulumiVersion.ts";

const fetchArchive = fileURLToPath(new URL("fetchArchive.ts", import.meta.url));

/**
 * Downloads Pulumi's own archive of the CLI with its language hosts, and unpacks it if it has its checksum.
 *
 * @param folder where `bin/pulumi` is written
 * @returns the folder that holds `bin/pulumi`
 * @throws where the download is refused or is another file, with the reason
 */
export async function downloadPulumi(
  archive: Archive | undefined,
  folder: string,
  env: NodeJS.ProcessEnv,
  report: Progress,
): Promise<string> {
  if (archive === undefined) throw new Error("there is no archive for this platform");
  report(`Downloading Pulumi's CLI ${pulumiVersion}: about 100 MB, once.`);
  const bin = join(folder, "bin");
  const file = join(folder, "pulumi.tar.gz");
  mkdirSync(bin, { recursive: true });
  let lastLine = "connecting";
  await withProgress(
    report,
    () => lastLine,
    async () => {
      // The first versions of Node 24 warn of TypeScript, which would be the last words of a failure.
      const quiet = "--disable-warning=ExperimentalWarning";
      const args = [quiet, fetchArchive, archive.url, file, archive.checksum];
      const options = {
        env: { ...env, NODE_USE_ENV_PROXY: "1" },
        timeoutMs: 15 * 60_000,
        onLine: (line: string) => (lastLine = line.trim() || lastLine),
      };
      await succeed(process.execPath, args, options);
      await succeed("tar", ["-xzf", file, "-C", bin, "--strip-components=1"], { env });
      rmSync(file);
    },
  );
  return folder;
}

async function succeed(
  command: string,
  args: readonly string[],
  options: Parameters<typeof runCommand>[2],
): Promise<void> {
  const { exitCode, stderr, stdout } = await runCommand(command, args, options);
  if (exitCode !== 0) throw new Error(lastWords(stderr) ?? lastWords(stdout) ?? `exit code ${exitCode}`);
}

/** The last line that a command wrote, which is where it says why it failed. */
export function lastWords(output: string): string | undefined {
  return output.trim().split("\n").at(-1)?.trim() || undefined;
}
