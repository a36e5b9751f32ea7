import { ExitCode } from "../exitCodes.ts";

/** What can stand in the way of an update. Never renamed. */
export type Obstacle =
  | "wrongTenant"
  | "wrongCloud"
  | "planRefused"
  | "outdatedConfiguration"
  | "permissionMissing"
  | "certificateTooLong"
  | "certificateNotTrusted"
  | "exchangeMissing"
  | "applicationOrphaned";

/** The exit code for each obstacle. */
export const obstacleExitCodes: Readonly<Record<Obstacle, ExitCode>> = {
  wrongTenant: ExitCode.Configuration,
  wrongCloud: ExitCode.Configuration,
  planRefused: ExitCode.Configuration,
  outdatedConfiguration: ExitCode.Configuration,
  permissionMissing: ExitCode.Authentication,
  certificateTooLong: ExitCode.Policy,
  certificateNotTrusted: ExitCode.Policy,
  exchangeMissing: ExitCode.Resource,
  applicationOrphaned: ExitCode.Resource,
};

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
