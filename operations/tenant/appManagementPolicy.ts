import * as v from "valibot";

/** Who a restriction does not hold for (Graph, `appManagementPolicyActorExemptions`): one attribute that fits is enough. */
export type ExcludedActors = v.InferOutput<typeof ExcludedActors>;

const ExcludedActors = v.object({
  customSecurityAttributes: v.nullish(
    v.array(
      v.object({
        /** The attribute's set and name, as in `Deployment_Trusted`. */
        id: v.string(),
        operator: v.nullish(v.string()),
        value: v.nullish(v.unknown()),
      }),
    ),
  ),
});

/** What an app management policy says about one kind of credential (Graph, `keyCredentialConfiguration` and its like). */
export type Restriction = v.InferOutput<typeof Restriction>;
const Restriction = v.object({
  /** A kind that Graph's version 1.0 does not name comes as `unknownFutureValue`. */
  restrictionType: v.nullish(v.string(), "none that Graph names"),
  state: v.nullish(v.string()),
  /** ISO 8601. */
  maxLifetime: v.nullish(v.string()),
  restrictForAppsCreatedAfterDateTime: v.nullish(v.string()),
  excludeActors: v.nullish(ExcludedActors),
});
const Restrictions = v.nullish(
  v.object({
    keyCredentials: v.nullish(v.array(Restriction)),
    passwordCredentials: v.nullish(v.array(Restriction)),
  }),
);

/** What holds for every object without a policy of its own (Graph, `tenantAppManagementPolicy`). */
export type TenantPolicy = v.InferOutput<typeof TenantPolicy>;

/** As `TenantPolicy`, to read it. */
export const TenantPolicy = v.object({
  isEnabled: v.boolean(),
  applicationRestrictions: Restrictions,
  servicePrincipalRestrictions: Restrictions,
});

/** Where Graph has it; Policy.Read.All reads it. */
export const tenantPolicyPath = "/policies/defaultAppManagementPolicy";

/** What holds for an object instead of the tenant's policy (Graph, `appManagementPolicy`). */
export type OwnPolicy = v.InferOutput<typeof OwnPolicy>;

/** As `OwnPolicy`, to read it. */
export const OwnPolicy = v.object({
  displayName: v.nullable(v.string()),
  isEnabled: v.boolean(),
  restrictions: Restrictions,
});

/** The two kinds of objects that such policies are for. */
export type PolicyHolder = "application" | "servicePrincipal";

/** The restrictions that an object's credentials are under. */
export interface HeldRestrictions {
  /** The policy in words. */
  readonly policy: string;
  readonly keyCredentials: readonly Restriction[];
  readonly passwordCredentials: readonly Restriction[];
}

/**
 * The restrictions on the credentials of an object that has this policy of its own, or, without one, the tenant's.
 *
 * @param made when the object was
 */
export function restrictionsOf(
  policy: TenantPolicy | OwnPolicy,
  made: Date,
  holder: PolicyHolder = "application",
): HeldRestrictions {
  const isOwn = "displayName" in policy;
  const restrictions = isOwn ? policy.restrictions : policy[`${holder}Restrictions`];
  const holding = (all: readonly Restriction[] | null | undefined): readonly Restriction[] =>
    (all ?? []).filter(
      ({ state, restrictForAppsCreatedAfterDateTime: since }) =>
        policy.isEnabled && state !== "disabled" && !(since && made.getTime() < Date.parse(since)),
    );
  return {
    policy: isOwn
      ? `the ${holder === "application" ? "application" : "service principal"}'s own app management policy "${policy.displayName ?? ""}"`
      : "the tenant's app management policy",
    keyCredentials: holding(restrictions?.keyCredentials),
    passwordCredentials: holding(restrictions?.passwordCredentials),
  };
}

/** When Graph says that an object was made; of old ones it does not know (microsoft-graph-docs-contrib#1839). */
export function createdAt({
  createdDateTime,
}: {
  readonly createdDateTime?: string | null | undefined;
}): Date {
  return new Date(createdDateTime ?? 0);
}
