import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Runs a program of the system and gives back what it prints. @throws where it fails */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/**
 * Takes a file from everyone but this user. On Windows, where modes do nothing, by an access list of one entry, which
 * inherits nothing; elsewhere the file's mode has done it, if the drive keeps modes.
 *
 * The user's SID stands for the name, which may hold letters that the console's code page loses, and the programs are
 * Windows's own, since a name alone would find others: `whoami` of Git, or a file in the current folder.
 *
 * Source: Microsoft's pages on icacls and whoami.
 *
 * @returns false where others can read the file all the same, as on exFAT, which keeps no modes
 * @throws where Windows cannot set the list, as on exFAT, which keeps none
 */
export async function restrictToUser(
  file: string,
  platform: NodeJS.Platform = process.platform,
  run: RunProgram = runProgram,
): Promise<boolean> {
  if (platform !== "win32") return ((await stat(file)).mode & 0o077) === 0;
  const printed = await run(ofWindows("whoami"), ["/user", "/fo", "csv", "/nh"]);
  const sid = /\bS-1-[\d-]+/.exec(printed)?.[0];
  if (sid === undefined) throw new Error(`whoami tells no SID, got "${printed.trim()}"`);
  await run(ofWindows("icacls"), [file, "/inheritance:r", "/grant:r", `*${sid}:F`, "/q"]);
  return true;
}

function ofWindows(program: string): string {
  return path.win32.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", `${program}.exe`);
}

async function runProgram(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { windowsHide: true })).stdout;
}
