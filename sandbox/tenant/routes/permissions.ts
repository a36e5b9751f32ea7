/**
 * Which application permissions and directory roles suffice, by kind of request.
 *
 * Source of the permissions: Microsoft's permissions reference, by path and method. Source of the roles: "Microsoft
 * Entra built-in roles".
 */

export const readApplications = [
  "Application.Read.All",
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const writeApplications = ["Application.ReadWrite.All"];
export const writeServicePrincipals = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];
export const writeOwnApplications = ["Application.ReadWrite.OwnedBy"];
export const applicationAdministrators = [
  "Application Administrator",
  "Cloud Application Administrator",
  "Global Administrator",
];
export const directoryReaders = [
  "Directory Readers",
  "Directory Writers",
  "Global Reader",
  "Privileged Role Administrator",
  "User Administrator",
  "Exchange Administrator",
  "Security Reader",
  "Security Administrator",
  ...applicationAdministrators,
];

export const consentToAppRoles = ["AppRoleAssignment.ReadWrite.All"];
export const readToConsent = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
export const consentAdministrators = ["Privileged Role Administrator", "Global Administrator"];

export const readRoleManagement = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const writeRoleManagement = ["RoleManagement.ReadWrite.Directory"];
export const roleAdministrators = ["Privileged Role Administrator", "Global Administrator"];

export const readDomains = ["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"];
