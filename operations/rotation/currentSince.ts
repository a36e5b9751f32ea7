import type { History } from "../../stack/history.ts";
import { declaredGenerations } from "./declaredGenerations.ts";

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
