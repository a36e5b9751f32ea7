import { templateIdOf } from "./roles.ts";

/** What the holder of a right gets to do with any application. */
export type Reach = "addsCredentials" | "liftsBlocks";

/** A directory role, held over the whole tenant, whose holder can add credentials to any application. */
export interface CredentialRole {
  /** The role's name in Entra. */
  readonly name: string;
  readonly templateId: string;
  /** How, after "whoever holds it". */
  readonly way: string;
  /** Whether its holder gets to change an application's `isDisabled`, too, and so to lift a block. */
  readonly liftsBlocks: boolean;
}

/** An application permission of Microsoft Graph whose holder can add credentials to any application, and lift its block. */
export interface CredentialPermission {
  /** As the `appRoles` of Microsoft Graph's service principal name it. */
  readonly value: string;
  /** How, after "whoever holds it". */
  readonly way: string;
}

/** What a custom directory role may allow, by Entra's actions that come to the same. */
export interface ApplicationAction extends Readonly<Record<Reach, boolean>> {
  readonly actions: readonly string[];
  /** What its holder gets to do, after "which". */
  readonly way: string;
}

const updates = "updates every application's credentials";
const assigns = "can assign itself a role that does";
const owns = "can make itself an owner of every application";

/**
 * The built-in roles with `microsoft.directory/applications/credentials/update` or `applications/allProperties/allTasks`,
 * and those that get there in one step: by `applications/owners/update`, since an owner adds credentials, or by
 * `roleAssignments/allProperties/allTasks`. Directory Synchronization Accounts could change applications once; the
 * page lists only a right to read for it now.
 *
 * Sources: Microsoft's page "Microsoft Entra built-in roles" (26 January 2026), the tables of actions; for blocks,
 * "Deactivate an app registration". A Global Administrator may do whatever the others may; owners lift a block, too, and
 * whoever assigns itself a role gets the others' rights.
 */
export const credentialRoles: readonly CredentialRole[] = [
  role("Application Administrator", updates),
  role("Cloud Application Administrator", updates),
  role("Global Administrator", updates),
  { ...role("Partner Tier1 Support", updates), liftsBlocks: false },
  { ...role("Partner Tier2 Support", updates), liftsBlocks: false },
  role("Hybrid Identity Administrator", owns),
  role("Privileged Role Administrator", assigns),
];

/**
 * The application permissions of Microsoft Graph that add credentials to any application, or grant themselves what does.
 * Application.ReadWrite.OwnedBy is left out: it reaches only what its holder owns, and the audit finds owners.
 *
 * Sources: the permission tables of Microsoft Graph's pages "application: addPassword", "Grant an appRoleAssignment",
 * "Create unifiedRoleAssignment", "Create roleAssignmentScheduleRequests" and "Create roleEligibilityScheduleRequests".
 */
export const credentialPermissions: readonly CredentialPermission[] = [
  { value: "Application.ReadWrite.All", way: updates },
  { value: "AppRoleAssignment.ReadWrite.All", way: "can grant itself a permission that does" },
  { value: "RoleManagement.ReadWrite.Directory", way: assigns },
  { value: "RoleAssignmentSchedule.ReadWrite.Directory", way: assigns },
  {
    value: "RoleEligibilitySchedule.ReadWrite.Directory",
    way: "can make anybody eligible for a role that does",
  },
];

/**
 * The actions of custom roles by which somebody gets to the credentials of an application or service principal, or to an
 * application's `isDisabled`. Those of `applications.myOrganization` hold for applications of one tenant, as ours.
 *
 * Sources: Microsoft's pages "Custom role permissions for app registration" (16 March 2026), "Enterprise application
 * permissions for custom roles", and "Deactivate an app registration"; an owner may lift a block, too.
 */
export const applicationActions: readonly ApplicationAction[] = [
  {
    actions: ofApplications("allProperties/update", "allProperties/allTasks"),
    way: "updates everything of every application",
    addsCredentials: true,
    liftsBlocks: true,
  },
  {
    actions: ofApplications("credentials/update"),
    way: updates,
    addsCredentials: true,
    liftsBlocks: false,
  },
  { actions: ofApplications("owners/update"), way: owns, addsCredentials: true, liftsBlocks: true },
  {
    actions: ofApplications("disablement/update"),
    way: "blocks and unblocks every application",
    addsCredentials: false,
    liftsBlocks: true,
  },
  {
    actions: ["credentials/update", "allProperties/update", "allProperties/allTasks"].map(
      (action) => `microsoft.directory/servicePrincipals/${action}`,
    ),
    way: "updates every service principal's credentials",
    addsCredentials: true,
    liftsBlocks: false,
  },
  {
    actions: ["microsoft.directory/servicePrincipals/owners/update"],
    way: "can make itself an owner of every service principal",
    addsCredentials: true,
    liftsBlocks: false,
  },
];

function ofApplications(...actions: readonly string[]): readonly string[] {
  return actions.flatMap((action) => [
    `microsoft.directory/applications/${action}`,
    `microsoft.directory/applications.myOrganization/${action}`,
  ]);
}

function role(name: string, way: string): CredentialRole {
  return { name, templateId: templateIdOf(name), way, liftsBlocks: true };
}
