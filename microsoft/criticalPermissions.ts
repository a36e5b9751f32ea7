/**
 * The application permissions with which an application takes over a tenant or reads everybody's mail, by app role ID.
 *
 * Sources: CISA's ScubaGear, "RiskyAppPermissions"; Microsoft's Graph permissions reference.
 */
export const criticalPermissions: Readonly<Record<string, string>> = {
  // Of Office 365 Exchange Online and Exchange Online Protection; their other permissions have the ids of Graph's.
  "dc50a0fb-09a3-484d-be87-e023b12c6440": "Exchange.ManageAsApp",
  "455e5cd2-84e8-4751-8344-5672145dfa17": "Exchange.ManageAsApp",
  "ea3d980d-ebc7-4be4-8298-a167e5b8797c": "Exchange.ManageAsAppV2",
  "dc890d15-9560-4a4c-9b7f-a736ec74ec40": "full_access_as_app",
  "5e5addcd-3e8d-4e90-baf5-964efab2b20a": "IMAP.AccessAsApp",
  "f9156939-25cd-4ba8-abfe-7fabcf003749": "MailboxSettings.ReadWrite",
  "cb842b43-da6e-4506-86fe-bb12199c656d": "POP.AccessAsApp",
  // Of Microsoft Graph.
  "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
  "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
  "18a4783c-866b-4cc7-a460-3d5e5662c884": "Application.ReadWrite.OwnedBy",
  "8e8e4742-1d95-4f68-9d56-6ee75648c72a": "DelegatedPermissionGrant.ReadWrite.All",
  "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
  "7e05723c-0bb0-42da-be95-ae9f08a6e53c": "Domain.ReadWrite.All",
  "810c84a8-4a9e-49e6-bf7d-12d183f40d01": "Mail.Read",
  "e2a3a72e-5f79-4c64-b1b1-878b674786c9": "Mail.ReadWrite",
  "b633e1c5-b582-4048-a93e-9f11b44c7e96": "Mail.Send",
  "6931bccd-447a-43d1-b442-00a195474933": "MailboxSettings.ReadWrite",
  "77c863fd-06c0-47ce-a7eb-49773e89d319": "Policy.ReadWrite.AccessReview",
  "be74164b-cff1-491c-8741-e671cb536e13": "Policy.ReadWrite.ApplicationConfiguration",
  "25f85f3c-f66c-4205-8cd5-de92dd7f0cec": "Policy.ReadWrite.AuthenticationFlows",
  "29c18626-4985-4dcd-85c0-193eef327366": "Policy.ReadWrite.AuthenticationMethod",
  "fb221be6-99f2-473f-bd32-01c6a0e9ca3b": "Policy.ReadWrite.Authorization",
  "886bd2d9-5b8b-4b49-adea-ca75fb50d9ef": "Policy.ReadWrite.B2BManagementPolicy",
  "01c0a623-fc9b-48e9-b794-0756f8e8f067": "Policy.ReadWrite.ConditionalAccess",
  "999f8c63-0a38-4f1b-91fd-ed1947bdd1a9": "Policy.ReadWrite.ConsentRequest",
  "338163d7-f101-4c92-94ba-ca46fe52447c": "Policy.ReadWrite.CrossTenantAccess",
  "a6325ae7-2b73-4dbd-abed-fbeacfbf8696": "Policy.ReadWrite.CrossTenantCapability",
  "230fb2d5-aa21-49c1-bfa7-ae1be179d867": "Policy.ReadWrite.DeviceConfiguration",
  "03cc4f92-788e-4ede-b93f-199424d144a5": "Policy.ReadWrite.ExternalIdentities",
  "2044e4f1-e56c-435b-925c-44cd8f6ba89a": "Policy.ReadWrite.FeatureRollout",
  "90bbca0b-227c-4cdc-8083-1c6cfb95bac6": "Policy.ReadWrite.FedTokenValidation",
  "2dcf8603-09eb-4078-b1ec-d30a1a76b873": "Policy.ReadWrite.IdentityProtection",
  "a402ca1c-2696-4531-972d-6e5ee4aa11ea": "Policy.ReadWrite.PermissionGrant",
  "795fc94d-3deb-4632-b1eb-e6d1a5f44918": "Policy.ReadWrite.Recovery",
  "1c6e93a6-28e2-4cbb-9f64-1a46a821124d": "Policy.ReadWrite.SecurityDefaults",
  "79a677f7-b79d-40d0-a36a-3e6f8688dd7a": "Policy.ReadWrite.TrustFramework",
  "4cdc2547-9148-4295-8d11-be0db1391d6b": "PrivilegedAccess.Read.AzureAD",
  "01e37dc9-c035-40bd-b438-b2879c4870a6": "PrivilegedAccess.Read.AzureADGroup",
  "5df6fe86-1be0-44eb-b916-7bd443a71236": "PrivilegedAccess.Read.AzureResources",
  "854d9ab1-6657-4ec8-be45-823027bcd009": "PrivilegedAccess.ReadWrite.AzureAD",
  "2f6817f8-7b12-4f0f-bc18-eeaf60705a9e": "PrivilegedAccess.ReadWrite.AzureADGroup",
  "6f9d5abc-2db6-400b-a267-7de22a40fb87": "PrivilegedAccess.ReadWrite.AzureResources",
  "41202f2c-f7ab-45be-b001-85c9728b9d69": "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "618b6020-bca8-4de6-99f6-ef445fa4d857": "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "dd199f4a-f148-40a4-a2ec-f0069cc799ec": "RoleAssignmentSchedule.ReadWrite.Directory",
  "fee28b28-e1f3-4841-818e-2704dc62245f": "RoleEligibilitySchedule.ReadWrite.Directory",
  "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
  "025d3225-3f02-4882-b4c0-cd5b541a4e80": "RoleManagement.ReadWrite.Exchange",
  "50483e42-d915-4231-9639-7fdb7fd190e5": "UserAuthenticationMethod.ReadWrite.All",
};

/** A kind of application permission that is critical, with where that is from. */
export interface CriticalPermission {
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
export const criticalPermissionValues: readonly CriticalPermission[] = [
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
