import * as v from "valibot";
import type { PulumiOptions } from "../pulumiCli.ts";
import { runPulumi } from "../pulumiCli.ts";
import { declaredGenerations } from "./declaredGenerations.ts";

/** The stack's latest updates, newest first, as far as rotation reads them. */
export type History = v.InferOutput<typeof History>;

/** Asks Pulumi for the stack's latest updates. @throws CliError */
export async function readHistory(stack: string | undefined, options: PulumiOptions): Promise<History> {
  const selection = stack === undefined ? [] : ["--stack", stack];
  // Without --show-secrets, which would write a settings file beside Pulumi.yaml where there is none.
  const args = ["stack", "history", "--json", "--page-size", "100", ...selection];
  return parseHistory(JSON.parse(await runPulumi(args, options)));
}

/** As `readHistory`, from what `pulumi stack history --json` printed. */
export function parseHistory(printed: unknown): History {
  return v.parse(History, printed);
}

/**
 * Since when a generation has been the current one: the end of the first update that succeeded with it in front, among
 * the latest that all had it in front. The true time may be earlier, where there are more updates than were read.
 *
 * No state of its own is kept for this: Pulumi notes the configuration of every update, and neither the state's
 * `modified` (unchanged when only outputs change) nor the certificate's start (days earlier, where a sign-in took long
 * or a change waited for its review) tells it.
 *
 * @param key of the configuration that holds the generations.
 * @returns milliseconds since 1970; undefined where the history does not tell.
 */
export function currentSince(history: History, key: string, generation: string): number | undefined {
  let since: number | undefined;
  for (const { kind, result, endTime, config } of history) {
    if (kind !== "update") continue;
    const setting = config[key];
    if (setting?.secret || declaredGenerations(setting?.objectValue)?.[0]?.name !== generation) break;
    if (result === "succeeded" && endTime !== undefined) since = Date.parse(endTime);
  }
  return since;
}

const History = v.array(
  v.object({
    kind: v.string(),
    result: v.string(),
    endTime: v.optional(v.string()),
    config: v.optional(
      v.record(v.string(), v.object({ secret: v.boolean(), objectValue: v.optional(v.unknown()) })),
      {},
    ),
  }),
);
