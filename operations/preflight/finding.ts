/** What can stand in the way of an update. Never renamed. */
export type Obstacle =
  | "wrongTenant"
  | "wrongCloud"
  | "planRefused"
  | "securityAndComplianceMissing"
  | "outdatedConfiguration"
  | "permissionMissing"
  | "certificateTooLong"
  | "certificateNotTrusted"
  | "exchangeMissing"
  | "applicationOrphaned";

/** One thing that was looked at. */
export type Finding =
  | { readonly kind: "passed"; readonly message: string }
  | { readonly kind: "obstacle"; readonly cause: Obstacle; readonly message: string; readonly remedy: string }
  | {
      readonly kind: "warning";
      readonly cause: "sameName" | "recycled" | "notChecked";
      readonly message: string;
      readonly remedy: string;
    };

/** What could not be looked at, with the application permission of Microsoft Graph that would allow it. */
export function notChecked(what: string, permission: string): Finding {
  return {
    kind: "warning",
    cause: "notChecked",
    message: `It was not checked ${what}.`,
    remedy: `The permission ${permission} would allow it.`,
  };
}
