/**
 * The rules of Privileged Identity Management for active assignments that an administrator makes, by their ids.
 *
 * Source: "Rules for PIM for Microsoft Entra roles", https://learn.microsoft.com/graph/identity-governance-pim-rules-overview.
 */

/** How long an active assignment may last (`unifiedRoleManagementPolicyExpirationRule`). */
export const assignmentExpirationRuleId = "Expiration_Admin_Assignment";

/** What whoever assigns must give (`unifiedRoleManagementPolicyEnablementRule`). */
export const assignmentEnablementRuleId = "Enablement_Admin_Assignment";

/**
 * The application permissions of Microsoft Graph that make active assignments with an end.
 *
 * Source: "Create roleAssignmentScheduleRequests", https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests.
 */
export const scheduleWriters: readonly string[] = [
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleManagement.ReadWrite.Directory",
];

/**
 * The least application permission that reads these rules.
 *
 * Source: "List roleManagementPolicyAssignments", https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments.
 */
export const rolePolicyReader = "RoleManagementPolicy.Read.Directory";
