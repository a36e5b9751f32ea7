import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** A program whose output is read. */
export type Program = ChildProcessByStdio<null, Readable, Readable>;

/** What a language host has started, and what ends with it. */
const programs = new Set<Program>();

/** Starts a program without input. */
export function start(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Program {
  const program = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  programs.add(program);
  program.once("close", () => programs.delete(program));
  return program;
}

/** The program's exit code, once its output has been read to the end; -1 if a signal ended it. */
export async function endOf(program: Program): Promise<number> {
  if (program.exitCode !== null) return program.exitCode;
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("close", (code) => resolve(code ?? -1));
  });
}

/** Runs a program whose output is the host's own, which the engine shows, and gives its exit code. */
export async function runShown(...started: Parameters<typeof start>): Promise<number> {
  const program = start(...started);
  program.stdout.pipe(process.stdout, { end: false });
  program.stderr.pipe(process.stderr, { end: false });
  return endOf(program);
}

/** Sends a signal to all of them. */
export function stopPrograms(signal: NodeJS.Signals): void {
  for (const program of programs) program.kill(signal);
}

/** Returns once all of them have ended. */
export async function untilProgramsEnd(): Promise<void> {
  await Promise.all([...programs].map(endOf));
}
