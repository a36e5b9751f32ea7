import { builtInRoles } from "../../microsoft/builtInRoles.ts";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import type { CheckResult } from "./checkResult.ts";
import { typesWrittenWith } from "../../common/childResources.ts";
import type { PlannedChanges } from "./plannedChanges.ts";

/** Something that the deploying identity must be allowed to do. */
export interface Right {
  /** The least application permission on Microsoft Graph that allows it. */
  readonly permission: string;
  /** Larger ones that allow it, too. */
  readonly otherPermissions: readonly string[];
  /** Directory roles that allow it; for people, who have no application permissions, one of these is needed. */
  readonly roles: readonly string[];
  /** What it is for. */
  readonly purpose: string;
  /** The component's arguments that need it. */
  readonly argument: string;
  /** The resource types that need it; empty for what every update needs. */
  readonly resourceTypes: readonly string[];
  /** What is in a plan's problem where this right was missing; left out for what shows in the plan itself. */
  readonly lookup?: string;
}

/**
 * What the deploying identity needs.
 *
 * Sources: the pages of azuread's resources, section "API Permissions"; for roles, Microsoft's page "Microsoft Entra
 * built-in roles".
 */
export const rights: readonly Right[] = [
  {
    permission: "Domain.Read.All",
    otherPermissions: ["Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    roles: [
      "Global Administrator",
      "Global Reader",
      "Directory Readers",
      "Application Administrator",
      "Cloud Application Administrator",
      "Privileged Role Administrator",
    ],
    purpose: "to read the tenant's initial domain",
    argument: "every component",
    resourceTypes: [],
  },
  {
    permission: "Application.ReadWrite.All",
    otherPermissions: [],
    roles: ["Global Administrator", "Application Administrator", "Cloud Application Administrator"],
    purpose: "to create and change the application, its service principal and its certificates",
    argument: "every component",
    resourceTypes: typesWrittenWith("Application.ReadWrite.All"),
  },
  {
    permission: "AppRoleAssignment.ReadWrite.All",
    otherPermissions: [],
    roles: [
      "Global Administrator",
      "Privileged Role Administrator",
      "Application Administrator",
      "Cloud Application Administrator",
    ],
    purpose: "to grant application permissions (admin consent)",
    argument: "every component, and `apiPermissions`",
    resourceTypes: typesWrittenWith("AppRoleAssignment.ReadWrite.All"),
  },
  {
    permission: "RoleManagement.ReadWrite.Directory",
    otherPermissions: [],
    roles: ["Global Administrator", "Privileged Role Administrator"],
    purpose: "to assign directory roles",
    argument: "`roles` and `userRoleAssignments`",
    resourceTypes: typesWrittenWith("RoleManagement.ReadWrite.Directory"),
  },
  {
    permission: "User.Read.All",
    otherPermissions: ["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    roles: ["Global Administrator", "Global Reader", "Directory Readers", "Privileged Role Administrator"],
    purpose: "to find users by name",
    argument: "`userRoleAssignments`",
    resourceTypes: [],
    lookup: "`userRoleAssignments`",
  },
];

/** Whether the deploying identity has each right that the plan needs; where there is no plan, all that may be needed. */
export function checkRights(claims: AccessTokenClaims, plan: PlannedChanges): readonly CheckResult[] {
  return rights
    .filter((right) => isNeeded(right, plan))
    .map((right) => {
      const held = holds(claims, right);
      return held === undefined
        ? { kind: "obstacle", cause: "permissionMissing", ...explain(claims, right) }
        : { kind: "passed", message: `${held} ${right.purpose}` };
    });
}

function isNeeded(right: Right, { resourceTypes, problems }: PlannedChanges): boolean {
  const { lookup } = right;
  if (lookup !== undefined) return problems.some((problem) => problem.includes(lookup));
  if (resourceTypes === undefined || right.resourceTypes.length === 0) return true;
  return right.resourceTypes.some((type) => resourceTypes.has(type));
}

/** The permission or role that gives the right; undefined where there is none. */
function holds(
  claims: AccessTokenClaims,
  { permission, otherPermissions, roles }: Right,
): string | undefined {
  const held = [permission, ...otherPermissions].find((name) => claims.roles.includes(name));
  return held ?? roles.find((name) => claims.wids.includes(builtInRoles[name] ?? ""));
}

function explain(
  claims: AccessTokenClaims,
  { permission, roles, purpose, argument }: Right,
): { message: string; remedy: string } {
  if (claims.scp !== undefined) {
    const who = claims.upn ?? claims.unique_name ?? "the signed-in user";
    return {
      message: `${who} holds no role ${purpose}, which ${argument} needs.`,
      remedy: `Activate or assign one of ${roles.filter((name) => name !== "Global Administrator").join(", ")}.`,
    };
  }
  return {
    message: `Application ${claims.appid ?? claims.oid ?? ""} lacks the permission ${permission} ${purpose}, which ${argument} needs.`,
    remedy: `Grant it the application permission ${permission} of Microsoft Graph, with admin consent.`,
  };
}
