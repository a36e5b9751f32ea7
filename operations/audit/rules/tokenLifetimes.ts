import { longestTokenMs } from "../../../microsoft/tokens.ts";
import type { AuditRule, ObservedItem, RuleContext } from "../rule.ts";
import { type Policy, policyItem, readsPolicies, takingOff } from "./policies.ts";

/** What makes the application's tokens live longer. */
export const tokenLifetimeRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-TOKEN-LIFETIME",
    title: "Token lifetime policy of the application",
    severity: "medium",
    why: "Tokens live for up to a day, and nothing revokes a token that was issued.",
    source: "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes",
    reads: [readsPolicies("tokenLifetimePolicies", tokenLifetime)],
  },
];

/**
 * A policy that reaches the application's tokens; undefined where it does not. The resource's policy decides about a token
 * for it, which is why those of the services count; what reaches others as well only if it lengthens.
 *
 * Source: https://learn.microsoft.com/answers/questions/1463/token-lifetime-policy-is-not-working.
 */
function tokenLifetime(
  policy: Policy,
  appliesTo: ReadonlySet<string>,
  context: RuleContext,
): ObservedItem | undefined {
  const command = takingOff("tokenLifetimePolicies", policy, appliesTo, context);
  if (command !== undefined) return policyItem(policy, "", command);
  if (!isLonger(policy)) return undefined;
  const service = [...context.resources.values()].find(({ id }) => appliesTo.has(id));
  if (service) return policyItem(policy, `, on the service ${service.displayName ?? service.id}`, ofTenant);
  return policy.isOrganizationDefault === true
    ? policyItem(policy, ", the tenant's default", ofTenant)
    : undefined;
}

/** What to do about a policy that others use, too. */
const ofTenant = "shorten AccessTokenLifetime in the policy's definition, or accept it in .exo-auth";

/** Whether access tokens live longer than by default, or nobody can say how long. */
function isLonger({ definition }: Policy): boolean {
  return definition.some((text) => {
    let longer = false;
    try {
      JSON.parse(text, (name, value: unknown) => {
        if (name.toLowerCase() === "accesstokenlifetime") longer ||= !isShort(value);
        return value;
      });
    } catch {
      return true;
    }
    return longer;
  });
}

/** Whether it is a .NET time span, such as `01:30:00`, of no more than a token's longest life by default. */
function isShort(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{1,2}:\d{2}:\d{2}$/.test(value)) return false;
  const seconds = value.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds * 1000 <= longestTokenMs;
}
