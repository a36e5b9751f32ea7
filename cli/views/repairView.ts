import type { RepairResult } from "../../operations/repair/repair.ts";
import type { Leftover } from "../../operations/repair/leftover.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `repair`. */
export function repairView({ repaired, leftovers }: RepairResult): string {
  const open = leftovers.filter(({ action }) => action !== "keep");
  const lines = leftovers.map((leftover) => line(leftover, repaired));
  if (open.length === 0) return `${["There is nothing to repair.", ...lines].join("\n")}\n`;
  const [first, last] = repaired
    ? ["Repaired.", "Run `pulumi up`, which finishes the rest."]
    : [
        "The tenant has what this stack made and its state does not know:",
        "Nothing was changed. `exo-auth repair --yes` does this; then run `pulumi up`.",
      ];
  return `${[first, ...lines, "", last].join("\n")}\n`;
}

const words = {
  import: ["to be imported", "imported"],
  delete: ["to be deleted", "deleted"],
} as const;

function line({ component, title, id, action }: Leftover, repaired: boolean): string {
  const what = `${component}: ${title}`;
  if (action === "keep") {
    return skipped(
      `${what} has credentials, so somebody may sign in with it; it stays. Delete ${id} yourself if nobody does.`,
    );
  }
  const [planned, done] = words[action];
  return repaired ? good(`${done}: ${what}`) : bad(`${planned}: ${what}`);
}
