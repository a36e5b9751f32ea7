import { spawnSync } from "node:child_process";

import { withPythonTools } from "../../tools/pythonTools.ts";

interface ToolResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A password goes through the environment, as it should for users: other processes see a command line. */
export function runTool(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ToolResult {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...withPythonTools(), LC_ALL: "C", ...environment },
  });
  return { exitCode: status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/**
 * Whether this machine lacks a tool.
 *
 * @returns why the tool cannot be asked, which the run's last lines say; undefined where it can
 */
export function missingTool(
  title: string,
  command: string,
  args: readonly string[],
  answer: RegExp,
): string | undefined {
  const { stdout, stderr } = runTool(command, args);
  if (answer.test(stdout + stderr)) return undefined;
  return `this machine has no ${title}`;
}
