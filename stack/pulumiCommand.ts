import { existsSync } from "node:fs";
import path from "node:path";
import { usageFailure } from "../common/failure.ts";

/** How Pulumi's command line is started. */
export interface PulumiCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether the arguments are in the form of Windows' command line already. */
  readonly windowsVerbatimArguments?: true;
}

/** What decides how Pulumi is started. */
export interface PulumiPlace {
  readonly env: NodeJS.ProcessEnv;
  /** @default this machine's */
  readonly platform?: NodeJS.Platform;
  readonly isFile?: (file: string) => boolean;
}

/**
 * Finds how Pulumi is started. Windows starts programs (.exe) alone: the scripts (.cmd) that npm and Scoop put on PATH
 * need cmd.exe, which reads some characters in arguments as its own.
 *
 * @throws Failure for an argument that cmd.exe would read otherwise
 */
export function pulumiCommand(
  args: readonly string[],
  { env, platform = process.platform, isFile = existsSync }: PulumiPlace,
): PulumiCommand {
  if (platform !== "win32") return { file: "pulumi", args };
  const folders = (valueOf(env, "PATH") ?? "").split(path.win32.delimiter).filter(Boolean);
  const find = (name: string): string | undefined =>
    folders.map((folder) => path.win32.join(folder, name)).find((file) => isFile(file));
  const program = find("pulumi.exe");
  const script = program === undefined ? (find("pulumi.cmd") ?? find("pulumi.bat")) : undefined;
  if (script === undefined) return { file: program ?? "pulumi", args };
  const line = [script, ...args].map(quoted).join(" ");
  return {
    file: valueOf(env, "COMSPEC") ?? "cmd.exe",
    args: ["/d", "/s", "/c", `"${line}"`],
    windowsVerbatimArguments: true,
  };
}

/** A copy of the environment has lost that names are the same in upper and lower case on Windows. */
function valueOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

function quoted(argument: string): string {
  if (!/["%!^&|<>\r\n]/.test(argument)) return `"${argument}"`;
  throw usageFailure(
    `"${argument}" has a character that cmd.exe interprets, and Pulumi is a script on this machine. Install Pulumi as a program (pulumi.exe): https://www.pulumi.com/docs/install/.`,
  );
}
