import { clipped, visible } from "../../common/foreignText.ts";
import { Failure } from "../../common/failure.ts";
import type { StackResource } from "../../stack/resource.ts";
import { textOf } from "../../stack/values.ts";
import type { Leftover } from "./leftover.ts";

/** What a removal rests on, read again right before it. */
export interface Reread {
  readonly known: readonly StackResource[];
  readonly leftovers: readonly Leftover[];
}

/**
 * Stops before a removal of what is no longer as it was read: another update may have taken it into the state meanwhile,
 * and somebody may have added or taken away what a person did not see.
 *
 * @throws Failure
 */
export function requireUnchanged(wanted: Leftover, { known, leftovers }: Reread): void {
  const objectId = wanted.id.split("/").at(-1) ?? "";
  const isInState = known.some(
    ({ id, outputs }) => id === wanted.id || textOf(outputs, "objectId") === objectId,
  );
  if (isInState) throw changed(wanted, "another update has taken it into the state meanwhile");
  const now = leftovers.find(({ id }) => id === wanted.id);
  if (now === undefined || contentOf(now) !== contentOf(wanted))
    throw changed(wanted, "it changed in the tenant meanwhile");
}

function contentOf({ title, reasons = [], hangs = [] }: Leftover): string {
  return JSON.stringify([title, [...reasons].toSorted(), [...hangs].toSorted()]);
}

function changed({ title }: Leftover, why: string): Failure {
  return new Failure(
    "EXO_AUTH_OUTDATED",
    `Nothing was deleted: ${clipped(visible(title), 200)} is not what this command read, because ${why}. Run \`exo-auth repair\` again, and look at it.`,
  );
}
