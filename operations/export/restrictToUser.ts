import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program of the system and gives back what it prints. @throws where it fails */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/**
 * Takes a file from everyone but this user, where modes do nothing: on Windows, by an access list of one entry, which
 * inherits nothing. Elsewhere the file's mode has done it.
 *
 * Source: Microsoft's page on icacls.
 *
 * @throws where the list cannot be set, as on a drive without access lists
 */
export async function restrictToUser(
  file: string,
  platform: NodeJS.Platform = process.platform,
  run: RunProgram = runProgram,
): Promise<void> {
  if (platform !== "win32") return;
  const user = (await run("whoami", [])).trim();
  await run("icacls", [file, "/inheritance:r", "/grant:r", `${user}:F`, "/q"]);
}

async function runProgram(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { windowsHide: true })).stdout;
}
