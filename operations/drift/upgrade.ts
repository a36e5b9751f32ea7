import { componentType } from "../../common/typeTokens.ts";
import type { PlanStep } from "../../stack/plan.ts";
import { readRecord } from "../../stack/record.ts";
import { parseUrn } from "../../stack/urn.ts";

/** What `pulumi preview` is about to show of a component that release 0.1.0 deployed: an upgrade, and no drift. */
export function upgradeNotes(steps: readonly PlanStep[], name: string): readonly string[] {
  const isOld = steps.some(
    ({ urn, oldState }) =>
      oldState?.type === componentType &&
      parseUrn(urn).name === name &&
      readRecord(oldState).kind === "beforeUpgrade",
  );
  return isOld
    ? [
        `Upgrade: the next \`pulumi preview\` shows an update of the component "${name}", which records what it declares. That is not drift, and changes nothing in the tenant.`,
      ]
    : [];
}
