/**
 * The application permissions of Microsoft Graph that an update takes. docs/deployer.md says what each is for.
 *
 * `examples/deployer` grants them.
 */
export const deployerPermissions: readonly string[] = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Domain.Read.All",
  "RoleManagement.ReadWrite.Directory",
];

/**
 * The application permissions of Microsoft Graph that `drift` and `audit` take to read all that they look at, with
 * `--against-program`, too. docs/audit.md says what each is for.
 *
 * `examples/deployer` grants them with `readOnly`.
 */
export const readerPermissions: readonly string[] = [
  "Application.Read.All",
  "CustomSecAttributeAssignment.Read.All",
  "DelegatedPermissionGrant.Read.All",
  "Domain.Read.All",
  "GroupMember.Read.All",
  "Policy.Read.All",
  "PrivilegedAssignmentSchedule.Read.AzureADGroup",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
  "RoleManagement.Read.Directory",
];

/**
 * The application permissions of Microsoft Graph that a preview of a new stack takes.
 *
 * `examples/deployer` grants them with `previewOnly`.
 */
export const previewerPermissions: readonly string[] = ["Application.Read.All", "Domain.Read.All"];
