/**
 * The application permissions with which an application takes over a tenant or reads everybody's mail, by app role id.
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
