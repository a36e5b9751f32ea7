import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import { conform } from "../conformance/conform.ts";
import { RunEnded } from "../conformance/workplace.ts";
import { runAsProcess, SandboxError } from "../sandboxError.ts";
import { repository } from "../workspace/sandboxFolder.ts";

/** `npm run conformance`: compares a tenant with the sandbox. */
async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => interrupted.abort());
  try {
    return await conform(process.argv.slice(2), {
      env: process.env,
      folder: join(repository, ".conformance"),
      print: (text) => process.stdout.write(text),
      say: (text) => process.stderr.write(`${text}\n`),
      ask: process.stdin.isTTY ? ask : undefined,
      signal: interrupted.signal,
    });
  } catch (error) {
    if (error instanceof RunEnded)
      throw new SandboxError("The run ended before the first case. Run it again.");
    const isExplained = [ApiError, Failure, SignInError].some((kind) => error instanceof kind);
    if (isExplained && error instanceof Error) throw new SandboxError(error.message);
    throw error;
  }
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

await runAsProcess(main);
