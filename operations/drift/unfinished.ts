import { componentType } from "../../common/typeTokens.ts";
import type { PlanStep } from "../../stack/plan.ts";
import { parseUrn } from "../../stack/urn.ts";

/** That the first update of a component did not finish: drift sees only what the state has. */
export function unfinishedNotes(steps: readonly PlanStep[], name: string): readonly string[] {
  const isUnfinished = steps.some(
    ({ urn, oldState }) =>
      oldState?.type === componentType &&
      parseUrn(urn).name === name &&
      oldState.outputs["tenantDomain"] === undefined,
  );
  return isUnfinished
    ? [
        `An update of the component "${name}" did not finish, so some of its resources can be missing from the stack. They are not checked. Run \`pulumi up\`.`,
      ]
    : [];
}
