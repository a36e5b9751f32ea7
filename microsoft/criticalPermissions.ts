/**
 * The application permissions with which an application takes over a tenant or reads everybody's mail, by app role ID.
 *
 * Sources: CISA's ScubaGear, "RiskyAppPermissions"; Microsoft's Graph permissions reference.
 */
export const criticalPermissions: Readonly<Record<string, string>> = {
  "dc50a0fb-09a3-484d-be87-e023b12c6440": "Exchange.ManageAsApp",
  "455e5cd2-84e8-4751-8344-5672145dfa17": "Exchange.ManageAsApp",
  "ea3d980d-ebc7-4be4-8298-a167e5b8797c": "Exchange.ManageAsAppV2",
  "dc890d15-9560-4a4c-9b7f-a736ec74ec40": "full_access_as_app",
  "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
  "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
  "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
  "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
};

/** A kind of application permission that is critical, with where that is from. */
interface CriticalPermission {
  /** Its value in the resource's own `appRoles`; a `*` stands for any text. */
  readonly value: string;
  readonly source: string;
}

const scubaGear =
  "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/Modules/Permissions/RiskyAppPermissions.json";
const graphReference = "https://learn.microsoft.com/graph/permissions-reference";
const legacyProtocols =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/**
 * The application permissions with which an application takes over a tenant or reads everybody's mail, by value: the
 * same on every resource. Any other is high.
 */
const criticalPermissionValues: readonly CriticalPermission[] = [
  ...[
    "Exchange.ManageAsApp",
    "Exchange.ManageAsAppV2",
    "full_access_as_app",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "Directory.ReadWrite.All",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
  ].map((value) => ({ value, source: scubaGear })),
  ...[
    "Application.ReadWrite.OwnedBy",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Domain.ReadWrite.All",
    "MailboxSettings.ReadWrite",
    "Policy.ReadWrite.*",
    "PrivilegedAccess.*",
    "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Exchange",
    "UserAuthenticationMethod.ReadWrite.All",
  ].map((value) => ({ value, source: graphReference })),
  ...["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"].map((value) => ({
    value,
    source: legacyProtocols,
  })),
];

/** Whether a permission is critical, by its value or, where the resource could not be asked for that, its app role's id. */
export function isCriticalPermission(appRoleId: string, value: string | null | undefined): boolean {
  if (criticalPermissions[appRoleId] !== undefined) return true;
  const name = (value ?? "").toLowerCase();
  return criticalPermissionValues.some((one) => {
    const wanted = one.value.toLowerCase();
    return wanted.endsWith("*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
  });
}
