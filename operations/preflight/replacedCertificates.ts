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
}

/**
 * The certificates that Pulumi made and a plan replaces, although nothing that a program says replaces one: whoever writes
 * the state can put a key or a certificate of their own there, without being able to read any. One that has ended is
 * replaced by its plugin. One that was made elsewhere is the program's, which shows where it changes.
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
    if (!isReplaced(children, now)) return [];
    const known = { ...newState?.outputs, ...oldState?.outputs };
    const component = parseUrn(newState?.parent ?? "").name;
    return [
      {
        component,
        generation: textOf(known, "generation") ?? parseUrn(urn).name.slice(`${component}-cert-`.length),
        thumbprint: textOf(known, "thumbprint") ?? "unknown",
      },
    ];
  });
}

function isReplaced(children: readonly PlanStep[], now: Date): boolean {
  const of = (type: string): readonly PlanStep[] =>
    children.filter(({ oldState, newState }) => (oldState ?? newState)?.type === type);
  const made = of(childTypes.selfSignedCert).filter(({ oldState }) => oldState !== undefined);
  if (made.length === 0 || made.some((step) => hasEnded(step, now))) return false;
  const given = of(childTypes.applicationCertificate).filter(
    ({ detailedDiff }) => "value" in (detailedDiff ?? {}),
  );
  return [...made, ...given].some(({ op }) => replacing.has(op));
}

const replacing: ReadonlySet<string> = new Set(["replace", "create-replacement", "delete-replaced"]);

function hasEnded({ oldState }: PlanStep, now: Date): boolean {
  const end = textOf(oldState?.outputs ?? {}, "validityEndTime");
  return end !== undefined && Date.parse(end) <= now.getTime();
}
