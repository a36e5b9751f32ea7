import * as v from "valibot";
import { longestTokenMs } from "../../../microsoft/tokens.ts";
import { contentHash } from "../contentHash.ts";
import type { AuditRule, Observation, RuleContext } from "../rule.ts";
import { readsAllWith } from "../rule.ts";

const policiesPath = "/policies/tokenLifetimePolicies";

const TokenLifetimePolicy = v.object({
  id: v.string(),
  displayName: v.nullish(v.string()),
  definition: v.optional(v.array(v.string()), []),
  isOrganizationDefault: v.nullish(v.boolean()),
});
type TokenLifetimePolicy = v.InferOutput<typeof TokenLifetimePolicy>;

const Target = v.object({ id: v.string() });
type Target = v.InferOutput<typeof Target>;

/** What makes the application's tokens live longer. */
export const tokenLifetimeRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-TOKEN-LIFETIME",
    title: "Token lifetime policy of the application",
    severity: "medium",
    why: "Tokens live for up to a day, and nothing revokes a token that was issued.",
    source: "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes",
    reads: [
      readsAllWith(
        {
          name: "tokenLifetimePolicies",
          path: () => policiesPath,
          permission: "Policy.Read.All",
          isOptional: true,
        },
        { schema: TokenLifetimePolicy },
        { path: ({ id }) => `${policiesPath}/${encodeURIComponent(id)}/appliesTo`, schema: Target },
        tokenLifetimes,
      ),
    ],
  },
];

function tokenLifetimes(
  found: readonly (readonly [TokenLifetimePolicy, readonly Target[]])[],
  context: RuleContext,
): Observation {
  return {
    items: found.flatMap(([policy, targets]) => {
      const reach = reachOf(policy, targets, context);
      if (reach === undefined) return [];
      const { id, displayName, definition } = policy;
      return [
        {
          key: id,
          subject: `${id} ${contentHash(definition)}`,
          found: `"${displayName ?? "unnamed"}"${reach}, ${definition.join(" ")}, id ${id}`,
        },
      ];
    }),
  };
}

/**
 * How a policy reaches the application's tokens, in words; undefined where it does not. The resource's policy decides
 * about a token for it, which is why those of the services count; what reaches others as well only if it lengthens.
 *
 * Source: https://learn.microsoft.com/answers/questions/1463/token-lifetime-policy-is-not-working.
 */
function reachOf(
  policy: TokenLifetimePolicy,
  targets: readonly Target[],
  { objects, resources }: RuleContext,
): string | undefined {
  const applied = new Set(targets.map(({ id }) => id));
  if (Object.values(objects).some((id) => applied.has(id))) return "";
  if (!isLonger(policy)) return undefined;
  const service = [...resources.values()].find(({ id }) => applied.has(id));
  if (service) return `, on the service ${service.displayName ?? service.id}`;
  return policy.isOrganizationDefault === true ? ", the tenant's default" : undefined;
}

/** Whether access tokens live longer than by default, or nobody can say how long. */
function isLonger({ definition }: TokenLifetimePolicy): boolean {
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
