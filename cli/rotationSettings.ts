import { parseDuration } from "../common/duration.ts";
import { usageFailure } from "../common/failure.ts";
import { longestTokenMs } from "../microsoft/tokens.ts";
import type { RotateOptions } from "../operations/rotation/rotate.ts";

/** The values of `rotationOptions`. */
interface RotationValues {
  readonly "dry-run"?: boolean | undefined;
  readonly "no-up"?: boolean | undefined;
  readonly "renew-before"?: string | undefined;
  readonly overlap: string;
  readonly wait: string;
}

/** Reads the options of commands that rotate. @throws Failure */
export function rotationSettings(
  values: RotationValues,
): Pick<RotateOptions, "dryRun" | "noUp" | "renewBeforeMs" | "overlapMs" | "waitMs"> {
  const renewBefore = values["renew-before"];
  const overlapMs = parseDuration("--overlap", values.overlap);
  if (overlapMs < longestTokenMs) {
    throw usageFailure(
      `--overlap must be at least the 90 minutes that tokens live, got "${values.overlap}". Give 90m or more. If a token lifetime policy lets tokens live longer, give more.`,
    );
  }
  return {
    dryRun: values["dry-run"] === true,
    noUp: values["no-up"] === true,
    renewBeforeMs: renewBefore === undefined ? undefined : parseDuration("--renew-before", renewBefore),
    overlapMs,
    waitMs: parseDuration("--wait", values.wait),
  };
}
