import { appCertificateType, childTypes } from "../../common/typeTokens.ts";
import type { Plan, PlanStep } from "../../stack/plan.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";

/** A certificate that a plan replaces although its generation stays. */
export interface ReplacedCertificate {
  readonly component: string;
  readonly generation: string;
  /** As the state has it. */
  readonly thumbprint: string;
  /** Whether the state says that it has ended or is to be renewed early, so that its plugin makes another. */
  readonly isDue: boolean;
}

/**
 * The certificates that Pulumi made and a plan replaces, although nothing that a program says replaces one: whoever writes
 * the state can put a key or a certificate of their own there, without being able to read any. One that was made elsewhere
 * is the program's, which shows where it changes.
 */
export function replacedCertificates(
  { steps }: Pick<Plan, "steps">,
  now: Date,
): readonly ReplacedCertificate[] {
  const generations = steps.filter(
    ({ oldState, newState }) => newState?.type === appCertificateType && oldState !== undefined,
  );
  return generations.flatMap(({ urn, oldState, newState }) => {
    const children = steps.filter((step) => (step.oldState ?? step.newState)?.parent === urn);
    const made = ofType(children, childTypes.selfSignedCert).filter((step) => step.oldState !== undefined);
    if (made.length === 0 || !isReplaced(made, children)) return [];
    const known = { ...newState?.outputs, ...oldState?.outputs };
    const component = parseUrn(newState?.parent ?? "").name;
    return [
      {
        component,
        generation: textOf(known, "generation") ?? parseUrn(urn).name.slice(`${component}-cert-`.length),
        thumbprint: textOf(known, "thumbprint") ?? "unknown",
        isDue: made.some((step) => isDue(step, now)),
      },
    ];
  });
}

function ofType(steps: readonly PlanStep[], type: string): readonly PlanStep[] {
  return steps.filter(({ oldState, newState }) => (oldState ?? newState)?.type === type);
}

function isReplaced(made: readonly PlanStep[], children: readonly PlanStep[]): boolean {
  const given = ofType(children, childTypes.applicationCertificate).filter(
    ({ detailedDiff }) => "value" in (detailedDiff ?? {}),
  );
  return [...made, ...given].some(({ op }) => replacing.has(op));
}

const replacing: ReadonlySet<string> = new Set(["replace", "create-replacement", "delete-replaced"]);

/** As the tls plugin has it: from its end on, or by its own hours of early renewal before. */
function isDue({ oldState }: PlanStep, now: Date): boolean {
  const { validityEndTime: end, earlyRenewalHours: early } = oldState?.outputs ?? {};
  if (typeof end !== "string") return false;
  return Date.parse(end) - (typeof early === "number" ? early : 0) * 3_600_000 <= now.getTime();
}
