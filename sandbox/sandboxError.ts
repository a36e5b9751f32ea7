import { ignoreBrokenPipes } from "../common/brokenPipe.ts";

/** Something that the person at the terminal can mend; its message says how, and no stack trace is shown. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/**
 * Runs a command of the sandbox as the process's own: its result is the exit code, and an error is shown on standard
 * error, with a stack trace only where it is a fault of ours.
 */
export async function runAsProcess(command: () => Promise<number>): Promise<void> {
  ignoreBrokenPipes(process);
  try {
    process.exitCode = await command();
  } catch (error) {
    const text =
      error instanceof SandboxError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
