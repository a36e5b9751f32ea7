/** What can stand in the way of an update. Never renamed. */
export type Obstacle =
  | "wrongTenant"
  | "wrongCloud"
  | "planRefused"
  | "securityAndComplianceMissing"
  | "outdatedConfiguration"
  | "certificateReplaced"
  | "permissionMissing"
  | "certificateTooLong"
  | "certificateNotTrusted"
  | "exchangeMissing"
  | "applicationOrphaned"
  | "applicationDeleted"
  | "federatedCredentialExists"
  | "federatedCredentialsFull"
  | "roleWouldPause"
  | "timedRoleStays";

/** What a person should know before an update. Never renamed. */
export type Warning =
  | "sameName"
  | "recycled"
  | "notChecked"
  | "unproven"
  | "markerUsed"
  | "applicationBlocked"
  | "keyInState"
  | "certificateRenewed"
  | "exchangeRolesToGrant"
  | "exchangeRolesLeft"
  | "timedRolesToGrant"
  | "timedRolesUnlicensed"
  | "timedRoleRefused"
  | "timedRoleTooLong";

/** One thing that was looked at. */
export type CheckResult =
  | { readonly kind: "passed"; readonly message: string }
  | { readonly kind: "obstacle"; readonly cause: Obstacle; readonly message: string; readonly remedy: string }
  | {
      readonly kind: "warning";
      readonly cause: Warning;
      readonly message: string;
      readonly remedy: string;
    };

/** What could not be looked at, with the application permission of Microsoft Graph that allows this check. */
export function notChecked(what: string, permission: string): CheckResult {
  return {
    kind: "warning",
    cause: "notChecked",
    message: `Not checked: ${what}.`,
    remedy: `The permission ${permission} allows this check.`,
  };
}
