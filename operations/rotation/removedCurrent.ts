import * as v from "valibot";
import { appCertificateType } from "../../common/typeTokens.ts";
import type { PlanStep } from "../../stack/plan.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";

/** A generation that a plan removes although it is the current one. */
export interface RemovedGeneration {
  readonly component: string;
  readonly generation: string;
  readonly thumbprint: string;
  /** When its certificate ends, RFC 3339. */
  readonly notAfter: string;
}

/** A step of a plan, as far as a removal shows in it. */
export interface RemovalStep extends Pick<PlanStep, "op" | "urn"> {
  readonly oldState?: Pick<StackResource, "type" | "parent" | "outputs"> | undefined;
  readonly newState?: Pick<StackResource, "type" | "parent"> | undefined;
}

/**
 * The generations that an update would remove although the last update made them the current ones: so does a
 * configuration from before the last rotation. A component that leaves as a whole is none, and neither is the last
 * certificate of one that keeps none: such a configuration lists one.
 *
 * @param current thumbprints of the last update's current certificates; a plan does not say which these were.
 */
export function removedCurrent(
  steps: readonly RemovalStep[],
  current: readonly string[],
): readonly RemovedGeneration[] {
  return steps.flatMap(({ op, urn, oldState }) => {
    if (op !== "delete" || oldState?.type !== appCertificateType) return [];
    const removed = v.safeParse(Certificate, oldState.outputs);
    if (!removed.success || !current.includes(removed.output.thumbprint)) return [];
    if (steps.some((step) => step.op === "delete" && step.urn === oldState.parent)) return [];
    const keepsOne = steps.some(
      ({ newState }) => newState?.type === appCertificateType && newState.parent === oldState.parent,
    );
    if (!keepsOne) return [];
    const { generation, thumbprint, certificateNotAfter: notAfter } = removed.output;
    const component = parseUrn(oldState.parent ?? urn).name;
    return [{ component, generation, thumbprint, notAfter }];
  });
}

const Certificate = v.object({
  generation: v.string(),
  thumbprint: v.string(),
  certificateNotAfter: v.string(),
});
