import type { EntityType } from "./entityType.ts";
import { dateTime, flag, guid, list, readOnly, required, text } from "./property.ts";

/** What a policy can be assigned to. */
export type PolicyHolder = "applications" | "servicePrincipals";

/** A kind of policies that Graph derives from `stsPolicy`. */
export interface StsPolicyKind {
  /** The last part of the policies' path, and the relationship's name. */
  readonly name: StsPolicyName;
  /** In words, for errors and for the documentation. */
  readonly what: string;
  readonly type: EntityType;
  readonly holders: readonly PolicyHolder[];
}

/** The kinds, by the last part of their path. */
export type StsPolicyName =
  | "tokenLifetimePolicies"
  | "claimsMappingPolicies"
  | "homeRealmDiscoveryPolicies"
  | "tokenIssuancePolicies";

/** Every kind. Source for what each can be assigned to: Graph's pages "Assign tokenLifetimePolicy" and the like. */
export const stsPolicyKinds: readonly StsPolicyKind[] = [
  {
    name: "tokenLifetimePolicies",
    what: "token lifetime policy",
    type: stsPolicyType("tokenLifetimePolicy"),
    holders: ["applications", "servicePrincipals"],
  },
  {
    name: "claimsMappingPolicies",
    what: "claims mapping policy",
    type: stsPolicyType("claimsMappingPolicy"),
    holders: ["servicePrincipals"],
  },
  {
    name: "homeRealmDiscoveryPolicies",
    what: "home realm discovery policy",
    type: stsPolicyType("homeRealmDiscoveryPolicy"),
    holders: ["servicePrincipals"],
  },
  {
    name: "tokenIssuancePolicies",
    what: "token issuance policy",
    type: stsPolicyType("tokenIssuancePolicy"),
    holders: ["applications", "servicePrincipals"],
  },
];

/** All kinds have the properties of `stsPolicy`. */
function stsPolicyType(name: string): EntityType {
  return {
    name,
    properties: {
      id: readOnly(guid()),
      deletedDateTime: readOnly(dateTime()),
      definition: required(list(text())),
      description: text(),
      displayName: required(text()),
      isOrganizationDefault: flag(false),
    },
    filterable: ["id", "displayName", "isOrganizationDefault"],
  };
}
