import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import type { PulumiOptions } from "../pulumiCli.ts";

/** How an update is run. */
export interface UpdateOptions extends PulumiOptions {
  /** @default the selected one */
  readonly stack?: string | undefined;
  readonly progress: (text: string) => void;
}

/** What an update came to. */
export interface UpdateResult {
  readonly ok: boolean;
  /** The engine's errors; those of Pulumi's command line where the engine did not begin. */
  readonly errors: string;
}

/**
 * Runs `pulumi up`, or `pulumi destroy` of one resource, without asking.
 *
 * With Ctrl-C the engine ends what it has begun and frees the stack, so the child has a process group of its own: a
 * second interrupt, which the terminal would send it, would end it at once and leave the stack locked.
 *
 * @throws the signal's reason, once Pulumi has ended, where it was aborted
 */
export async function runUpdate(
  command: readonly ["up"] | readonly ["destroy", "--target", string],
  { cwd, env, signal, stack, progress }: UpdateOptions,
): Promise<UpdateResult> {
  signal.throwIfAborted();
  const selection = stack === undefined ? [] : ["--stack", stack];
  const child = spawn(
    "pulumi",
    [...command, "--skip-preview", "--yes", "--json", "--non-interactive", "--color=never", ...selection],
    {
      cwd,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    },
  );
  const stop = (): void => {
    progress("Stopping: Pulumi ends what it has begun …");
    child.kill("SIGINT");
  };
  signal.addEventListener("abort", stop);
  const messages: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { diagnosticEvent, resourcePreEvent } = eventOf(line);
    if (diagnosticEvent?.severity === "error") messages.push(diagnosticEvent.message.trim());
    const operation = resourcePreEvent?.metadata;
    if (operation && operation.op !== "same")
      progress(`Pulumi: ${operation.op} ${operation.urn.split("::").at(-1)} …`);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  try {
    const [exitCode, errors] = await Promise.all([ended, text(child.stderr)]);
    signal.throwIfAborted();
    const said = messages.length > 0 ? messages.join("\n") : errors.replaceAll(/^(error: )+/gm, "").trim();
    return { ok: exitCode === 0, errors: said };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const Event = v.object({
  diagnosticEvent: v.optional(v.object({ message: v.string(), severity: v.string() })),
  resourcePreEvent: v.optional(v.object({ metadata: v.object({ op: v.string(), urn: v.string() }) })),
});

function eventOf(line: string): v.InferOutput<typeof Event> {
  return line.startsWith("{") ? v.parse(Event, JSON.parse(line)) : {};
}
