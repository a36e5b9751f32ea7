import type { PolicyPack, Violation } from "../../stack/policyAnalysis.ts";
import { analyzeState } from "../../stack/policyAnalysis.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { parseUrn, shortName } from "../../stack/urn.ts";
import { contentHash } from "../findings/contentHash.ts";
import { reasonOf } from "../failureOf.ts";
import { type Finding, type Rule, type Section, severities, type Severity } from "../findings/finding.ts";

const violation: Omit<Rule, "severity"> = {
  id: "EXO-POLICY-VIOLATION",
  title: "Violation of a policy",
  why: "Your policy pack forbids it, and the next `pulumi up` with that pack stops or warns.",
  source: "https://www.pulumi.com/docs/insights/policy/",
};

const checked = "Policies";

/**
 * What a policy pack says of a stack's state. A pack that cannot be used is told as not read.
 *
 * @param printed what `pulumi stack export` prints
 * @throws the signal's reason
 */
export async function policySection(
  printed: unknown,
  pack: PolicyPack,
  options: PulumiOptions,
): Promise<Section> {
  const section = { name: "stack", checks: [checked], accepted: [], notes: [] };
  try {
    const violations = await analyzeState(printed, pack, options);
    return { ...section, findings: violations.map(finding), unread: [] };
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, reason } = await reasonOf(error, options);
    if (code === "EXO_AUTH_INTERNAL") throw error;
    return { ...section, findings: [], unread: [{ check: checked, reason, denied: false, code }] };
  }
}

function finding(one: Violation): Finding {
  const { policyName, policyPackName, resourceUrn, message, enforcementLevel } = one;
  const resource = resourceUrn === "" ? "the stack" : resourceName(resourceUrn);
  // What a policy forbids comes before what was found.
  const [, ...found] = message.split("\n");
  return {
    ...violation,
    severity: severityOf(one),
    // Another violation of the same policy by the same resource is another finding.
    subject: `${policyName} ${resource} ${contentHash([policyPackName, message])}`,
    check: checked,
    found: found.length === 0 ? message : found.join(" "),
    declared: `${policyName} of ${policyPackName}, which is ${enforcementLevel}`,
    remedy: "change the program, and run `pulumi up`",
  };
}

/** As a text, where a state has a URN that is none. */
function resourceName(urn: string): string {
  return parseUrn(urn).name === "" ? urn : shortName(urn);
}

/** A policy may say how bad it is; if not, its level does. */
function severityOf({ severity, enforcementLevel }: Violation): Severity {
  return severities.find((one) => one === severity) ?? (enforcementLevel === "advisory" ? "low" : "high");
}
