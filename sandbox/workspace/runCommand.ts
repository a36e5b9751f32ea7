import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
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
  const exitCode = await exitCodeOf(child);
  const [stdout, stderr] = await Promise.all(outputs);
  return { exitCode, stdout, stderr };
}

/**
 * Runs a command on this process's own terminal or pipes and waits for its end.
 *
 * Ctrl-C reaches the command too, which decides whether to end; a signal to this process alone is passed on.
 *
 * @returns its exit code, as {@link RunResult} has it; 127 where there is no such command, as in a shell
 */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "cwd" | "env">,
): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: "inherit" });
  const passOn = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT") child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await exitCodeOf(child);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    process.stderr.write(`"${command}" is not on PATH.\n`);
    return 127;
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

async function collect(stream: Readable, onLine: ((line: string) => void) | undefined): Promise<string> {
  if (onLine) createInterface({ input: stream }).on("line", onLine);
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await new Promise((resolve) => stream.once("close", resolve));
  return text;
}
