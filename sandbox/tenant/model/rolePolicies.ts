import type { EntityType } from "./entityType.ts";
import { any, duration, flag, list, oneOf, readOnly, text } from "./property.ts";

/** `unifiedRoleManagementPolicyAssignment`: which rules hold for a role over the whole tenant. */
export const rolePolicyAssignmentType: EntityType = {
  name: "unifiedRoleManagementPolicyAssignment",
  properties: {
    id: readOnly(text()),
    policyId: readOnly(text()),
    roleDefinitionId: readOnly(text()),
    scopeId: readOnly(text()),
    scopeType: readOnly(text()),
  },
  filterable: ["policyId", "roleDefinitionId", "scopeId", "scopeType"],
};

/** `unifiedRoleManagementPolicyRule`, with the properties of the two kinds of rules that this tenant has. */
export const rolePolicyRuleType: EntityType = {
  name: "unifiedRoleManagementPolicyRule",
  properties: {
    id: readOnly(text()),
    enabledRules: list(oneOf("Justification", "MultiFactorAuthentication", "Ticketing")),
    isExpirationRequired: flag(),
    maximumDuration: duration(),
    target: readOnly(any()),
  },
  filterable: ["id"],
};
