import * as v from "valibot";

/** A generation that a plan removes although it is the current one. */
export interface RemovedGeneration {
  readonly component: string;
  readonly generation: string;
  readonly thumbprint: string;
  /** When its certificate ends, RFC 3339. */
  readonly notAfter: string;
}

/** A step of a plan, as `pulumi preview --json` has it. */
export interface PlanStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?:
    | { readonly type: string; readonly parent?: string | undefined; readonly outputs: unknown }
    | undefined;
}

/**
 * The generations that an update would remove although the last update made them the current ones: so does a
 * configuration from before the last rotation. A component that leaves as a whole is none.
 */
export function removedCurrent(steps: readonly PlanStep[]): readonly RemovedGeneration[] {
  return steps.flatMap(({ op, oldState }) => {
    if (op !== "delete" || oldState?.type !== "exchange-auth:index:AppCertificate") return [];
    const component = steps.find(({ urn }) => urn === oldState.parent);
    if (!component || component.op === "delete") return [];
    const removed = v.safeParse(Certificate, oldState.outputs);
    const current = v.safeParse(Component, component.oldState?.outputs);
    if (!removed.success || !current.success || removed.output.thumbprint !== current.output.thumbprint)
      return [];
    const { generation, thumbprint, certificateNotAfter: notAfter } = removed.output;
    return [{ component: component.urn.split("::").at(-1) ?? "", generation, thumbprint, notAfter }];
  });
}

const Component = v.object({ thumbprint: v.string() });

const Certificate = v.object({
  generation: v.string(),
  thumbprint: v.string(),
  certificateNotAfter: v.string(),
});
