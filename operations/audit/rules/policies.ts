import * as v from "valibot";
import { type Removal, removalCommand } from "../../../graph/removal.ts";
import { contentHash } from "../../findings/contentHash.ts";
import type { Observation, ObservedItem, RuleContext, RuleRead } from "../rule.ts";
import { readsAllWith } from "../rule.ts";
import { applicationPath, principalPath } from "./parts.ts";

const Policy = v.object({
  id: v.string(),
  displayName: v.nullish(v.string()),
  definition: v.optional(v.array(v.string()), []),
  isOrganizationDefault: v.nullish(v.boolean()),
});

/** A policy of Entra about tokens or sign-in pages (Graph, `stsPolicy`), whose definition only Entra's pages explain. */
export type Policy = v.InferOutput<typeof Policy>;

const Target = v.object({ id: v.string() });

/** A kind of such policies, by the last part of their path. */
export type PolicyKind =
  | "tokenLifetimePolicies"
  | "claimsMappingPolicies"
  | "homeRealmDiscoveryPolicies"
  | "tokenIssuancePolicies";

/** What is made of one policy and the objects that it applies to; undefined where it is nothing to find. */
export type LookAtPolicy = (
  policy: Policy,
  appliesTo: ReadonlySet<string>,
  context: RuleContext,
) => ObservedItem | undefined;

/**
 * Reads the policies of a kind from their own side, with whom they apply to: an object's own list of them takes a right to
 * write applications.
 *
 * Source: "List appliesTo" of Microsoft Graph, for each kind: Policy.Read.All and Application.Read.All.
 */
export function readsPolicies(kind: PolicyKind, look: LookAtPolicy): RuleRead {
  const path = `/policies/${kind}`;
  return readsAllWith(
    { name: kind, path: () => path, permission: "Policy.Read.All", isOptional: true },
    { schema: Policy },
    { path: ({ id }) => `${path}/${encodeURIComponent(id)}/appliesTo`, schema: Target },
    (found, context): Observation => ({
      items: found.flatMap(
        ([policy, targets]) => look(policy, new Set(targets.map(({ id }) => id)), context) ?? [],
      ),
    }),
  );
}

/** A policy as a finding has it: the definition can change under its ID, which ends an acceptance. */
export function policyItem(policy: Policy, words: string, remedy: string): ObservedItem {
  const { id, displayName, definition } = policy;
  return {
    key: id,
    subject: `${id} ${contentHash(definition)}`,
    found: `"${displayName ?? "unnamed"}"${words}, ${definition.join(" ")}, id ${id}`,
    remedy,
  };
}

/**
 * The command that takes a policy off the application or its service principal; undefined where it is on neither. `--fix`
 * does not run it: writing it takes a right over the tenant's policies that nobody else needs.
 */
export function takingOff(
  kind: PolicyKind,
  { id }: Policy,
  appliesTo: ReadonlySet<string>,
  { objects, graphUrl }: RuleContext,
): string | undefined {
  const holders = [
    [objects.applicationObjectId, applicationPath(objects)],
    [objects.servicePrincipalObjectId, principalPath(objects)],
  ] as const;
  const [, path] = holders.find(([holder]) => appliesTo.has(holder)) ?? [];
  if (path === undefined) return undefined;
  const removal: Removal = { kind: "delete", path: `${path}/${kind}/${encodeURIComponent(id)}/$ref` };
  return removalCommand(removal, graphUrl);
}
