import { roleTemplateId } from "../../catalogue/directoryRoles.ts";
import type { Caller } from "../../signIn/accessToken.ts";

/**
 * Which application permissions and directory roles suffice, by kind of request.
 *
 * Source of the permissions: Microsoft's permissions reference, by path and method. Source of the roles: "Microsoft
 * Entra built-in roles".
 */

/** To read applications and service principals. */
export const readApplications = [
  "Application.Read.All",
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
/** To write applications. */
export const writeApplications = ["Application.ReadWrite.All"];
/** To write service principals, and credentials of both. */
export const writeServicePrincipals = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];
/** To write what the caller owns. */
export const writeOwnApplications = ["Application.ReadWrite.OwnedBy"];
/** Roles that write applications and service principals. */
export const applicationAdministrators = [
  "Application Administrator",
  "Cloud Application Administrator",
  "Global Administrator",
];
/** Roles that read the directory. */
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

/** To assign app roles. */
export const consentToAppRoles = ["AppRoleAssignment.ReadWrite.All"];
/** Of which one is needed besides, to assign app roles. */
export const readToConsent = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
/** Roles that consent. */
export const consentAdministrators = ["Privileged Role Administrator", "Global Administrator"];

/** To read directory roles and who has them. */
export const readRoleManagement = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
/** To assign directory roles. */
export const writeRoleManagement = ["RoleManagement.ReadWrite.Directory"];
/** Roles that assign directory roles. */
export const roleAdministrators = ["Privileged Role Administrator", "Global Administrator"];

/** To read groups and their members. */
export const readGroups = [
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
/** To write groups. */
export const writeGroups = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
/** Roles that read groups. */
export const groupReaders = ["Groups Administrator", ...directoryReaders];

/** To read domains. */
export const readDomains = ["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"];

/** Whether a caller has one of these permissions, or one of these directory roles. */
export function holds(
  caller: Caller,
  permissions: readonly string[],
  directoryRoles: readonly string[],
): boolean {
  return (
    caller.roles.some((role) => permissions.includes(role)) ||
    directoryRoles.some((role) => caller.directoryRoles.includes(roleTemplateId(role)))
  );
}
