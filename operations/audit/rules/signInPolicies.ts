import type { AuditRule } from "../rule.ts";
import { policyItem, type PolicyKind, readsPolicies, takingOff } from "./policies.ts";

/** The kinds, and what one of them is called. */
const kinds = [
  ["claimsMappingPolicies", "claims mapping policy"],
  ["homeRealmDiscoveryPolicies", "home realm discovery policy"],
  ["tokenIssuancePolicies", "token issuance policy"],
] as const satisfies readonly (readonly [PolicyKind, string])[];

/** What changes the tokens that people get for the application, or where they sign in. */
export const signInPolicyRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-SIGN-IN-POLICY",
    title: "Policy of the application for claims, sign-in pages or SAML tokens",
    severity: "low",
    why: "It changes the claims in tokens for the application, or the page where people sign in to it.",
    source: "https://learn.microsoft.com/graph/api/resources/policy-overview",
    reads: kinds.map(([kind, words]) =>
      readsPolicies(kind, (policy, appliesTo, context) => {
        const remedy = takingOff(kind, policy, appliesTo, context);
        return remedy === undefined ? undefined : policyItem(policy, ` (${words})`, remedy);
      }),
    ),
  },
];
