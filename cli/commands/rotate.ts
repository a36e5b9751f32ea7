import { defineCommand, outcomeOf } from "../command.ts";
import type { RotateResult } from "../../operations/rotation/rotate.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { oneComponent, rotationPermissions, signInWait } from "../options.ts";

/** `exo-auth rotate`. */
export const rotateCommand = defineCommand({
  name: "rotate",
  summary: "take the next safe step of a certificate's rotation, if one is due",
  description:
    "Run it once a day, by schedule. Each run takes one step at most:\n\n- When two thirds of the current certificate's lifetime are over, it adds a generation. The stack's name decides the exact day, so a fleet does not rotate at once.\n- It signs in with the new generation and runs an Exchange cmdlet. Only then does it make it the current one.\n- When the overlap is over and a sign-in with the current one works, it removes the old one.\n\nEach step edits the stack's settings file and runs `pulumi up`. There is a valid certificate at every moment.",
  options: {
    component: oneComponent,
    "dry-run": { type: "boolean", description: "print what would happen and when, and change nothing" },
    "no-up": {
      type: "boolean",
      description: "only edit the settings file, so that you can review the change",
    },
    "renew-before": {
      type: "string",
      value: "TIME",
      description:
        "renew this long before the certificate expires, such as 60d. Default: a third of the lifetime",
    },
    overlap: {
      type: "string",
      value: "TIME",
      default: "7d",
      description:
        "how long the old certificate stays. At least 90m, because tokens live that long. Default: 7d",
    },
    wait: signInWait,
  },
  examples: [
    { command: "exo-auth rotate --stack contoso", meaning: "run it daily in a pipeline" },
    { command: "exo-auth rotate --dry-run", meaning: "show what is next, and when" },
    { command: "exo-auth rotate --no-up && git diff", meaning: "make each step a pull request" },
  ],
  permissions: [
    ...rotationPermissions,
    "in the tenant, without --no-up: Application.Read.All, to read the application. It signs in as the application itself",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { rotate } = await import("../../operations/rotation/rotate.ts");
    const { rotateView } = await import("../views/rotateView.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const { usageFailure } = await import("../../common/failure.ts");
    const renewBefore = values["renew-before"];
    const overlapMs = parseDuration("--overlap", values.overlap);
    const { longestTokenMs } = await import("../../microsoft/tokens.ts");
    if (overlapMs < longestTokenMs) {
      throw usageFailure(
        `--overlap must be at least the 90 minutes that tokens live, got "${values.overlap}". Give 90m or more. If a token lifetime policy lets tokens live longer, give more.`,
      );
    }
    const result = await rotate({
      stack: values.stack,
      cwd: values.cwd,
      component: values.component,
      dryRun: values["dry-run"] === true,
      noUp: values["no-up"] === true,
      renewBeforeMs: renewBefore === undefined ? undefined : parseDuration("--renew-before", renewBefore),
      overlapMs,
      waitMs: parseDuration("--wait", values.wait),
      ...context,
    });
    return outcomeOf(rotateExitCode(result), result, rotateView);
  },
});

/** The exit code: that of the sign-in that failed; 7 where people have something to do. */
export function rotateExitCode({ outcome, verification }: RotateResult): ExitCode {
  if (outcome === "failed") return signInExitCode(verification?.problem) || ExitCode.Error;
  return outcome === "toDo" ? ExitCode.ExpectationFailed : ExitCode.Ok;
}
