import { appCertificateType, childTypes } from "../../common/typeTokens.ts";
import type { Plan } from "../../stack/plan.ts";
import { parseUrn } from "../../stack/urn.ts";

/**
 * The generations that a plan finishes with a certificate that the state has already, by the names of their credentials. An
 * update that was killed leaves such a one, and so can anybody who writes the state. One that was up and lost its credential
 * is none.
 */
export function keysInState({ steps }: Pick<Plan, "steps">): readonly string[] {
  return steps.flatMap(({ urn, oldState, newState }) => {
    if (newState?.type !== appCertificateType || "keyId" in (oldState?.outputs ?? {})) return [];
    const children = steps.filter((step) => step.newState?.parent === urn);
    const isKnown = children.some(
      (step) => step.newState?.type === childTypes.selfSignedCert && step.oldState,
    );
    const isPut = children.some(
      ({ op, newState: child }) => child?.type === childTypes.applicationCertificate && op === "create",
    );
    return isKnown && isPut ? [parseUrn(urn).name] : [];
  });
}
