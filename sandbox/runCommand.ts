import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the command, not an addition. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command is killed. Default: none. */
  readonly timeoutMs?: number;
  /** Standard input. Default: empty. */
  readonly input?: string;
  /** Called with each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** The command's exit code; 128 and more where a signal ended it, as a shell has it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end and keeps what it writes.
 *
 * @throws the system's error where the command does not start; an exit code other than 0 is no error.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { cwd, env, timeoutMs, input = "", onLine } = options;
  const child = spawn(command, args, { cwd, env, timeout: timeoutMs, killSignal: "SIGKILL" });
  // A command that ends without reading its input closes the pipe, which is its good right.
  child.stdin.on("error", () => {}).end(input);
  const outputs = [collect(child.stdout, onLine), collect(child.stderr, onLine)] as const;
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal === "SIGKILL" ? 9 : 15)));
  });
  const [stdout, stderr] = await Promise.all(outputs);
  return { exitCode, stdout, stderr };
}

async function collect(stream: Readable, onLine: ((line: string) => void) | undefined): Promise<string> {
  if (onLine) createInterface({ input: stream }).on("line", onLine);
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await new Promise((resolve) => stream.once("close", resolve));
  return text;
}
