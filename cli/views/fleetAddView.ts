import { counted } from "../../common/counted.ts";
import type { FleetAddResult, PlannedStack } from "../../operations/fleet/fleetAdd.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `fleet add`. */
export function fleetAddView({ added, stacks, notListed }: FleetAddResult): string {
  const changing = stacks.filter(({ isNew, adds }) => isNew || adds.length > 0);
  const lines = [
    ...stacks.flatMap((stack) => stackLines(stack, added)),
    ...notListed.map((name) => skipped(`${name}: not in the list`)),
    "",
    changing.length === 0
      ? "Nothing to add."
      : added
        ? `${counted(changing.length, "stack")} added or completed. Review the settings files, and commit them.`
        : `${counted(changing.length, "stack")} to add or complete. To do so, run the same command with --yes.`,
    "",
  ];
  return lines.join("\n");
}

function stackLines(
  { stack, tenantId, isNew, adds, differs }: PlannedStack,
  added: boolean,
): readonly string[] {
  const what = isNew
    ? added
      ? "created"
      : "to create"
    : adds.length > 0
      ? `${added ? "added" : "to add"}: ${adds.join(", ")}`
      : "complete";
  const head = `${stack}: tenant ${tenantId}: ${what}`;
  return [
    adds.length > 0 || isNew || differs.length === 0 ? good(head) : bad(head),
    ...differs.map((key) => `    ${key} differs from the list, and stays`),
  ];
}
