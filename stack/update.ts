import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { parseEvent } from "./event.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { startPulumi } from "./pulumiCli.ts";
import { parseUrn } from "./urn.ts";

/** How an update is run. */
export interface UpdateOptions extends PulumiOptions {
  readonly progress: (text: string) => void;
}

/** What an update came to. */
export interface UpdateResult {
  readonly ok: boolean;
  /** The engine's errors; those of Pulumi's command line where the engine did not begin. */
  readonly errors: string;
}

/**
 * Runs `pulumi up`, without asking.
 *
 * @throws the signal's reason, once Pulumi has ended, where it was aborted
 */
export async function runUpdate({ progress, ...options }: UpdateOptions): Promise<UpdateResult> {
  const { stdout, stderr, ended } = startPulumi(["up", "--skip-preview", "--yes", "--json"], options, () =>
    progress("Stopping: Pulumi finishes what it has begun …"),
  );
  const messages: string[] = [];
  createInterface({ input: stdout }).on("line", (line) => {
    const { diagnosticEvent, resourcePreEvent } = parseEvent(line);
    if (diagnosticEvent?.severity === "error") messages.push(diagnosticEvent.message.trim());
    const operation = resourcePreEvent?.metadata;
    if (operation && operation.op !== "same")
      progress(`Pulumi: ${operation.op} ${parseUrn(operation.urn).name} …`);
  });
  const [exitCode, errors] = await Promise.all([ended, text(stderr)]);
  const said = messages.length > 0 ? messages.join("\n") : errors.replaceAll(/^(error: )+/gm, "").trim();
  return {
    ok: exitCode === 0,
    errors: said || `${endedEarly} (${exitCode === null ? "killed" : `exit code ${exitCode}`}).`,
  };
}

/** It has always something to say, unless it was killed. */
export const endedEarly = "Pulumi ended too early";
