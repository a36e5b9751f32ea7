import type { Plan } from "../../stack/plan.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import type { StackResource } from "../../stack/resource.ts";

/**
 * A stack's resources as its program declares them now: inputs from a preview, ids from the state. What waits for its
 * deletion is not declared: whoever writes the state could let anything wait. A preview hides secrets, so what it leaves
 * unchanged is taken from the state.
 *
 * @param state exported with its secrets.
 * @param plan with what stays the same.
 */
export function declaredByProgram(
  { resources }: Pick<ExportedState, "resources">,
  { steps }: Plan,
): readonly StackResource[] {
  const standing = new Map(resources.filter((one) => !one.delete).map((one) => [one.urn, one]));
  const planned = new Map<string, StackResource>();
  for (const { op, urn, newState } of steps) {
    if (newState === undefined || planned.has(urn)) continue;
    const known = standing.get(urn);
    planned.set(urn, op === "same" && known ? known : { ...newState, outputs: known?.outputs ?? {} });
  }
  return [...planned.values()];
}
