import { defineCommand, outcomeOf } from "../command.ts";
import type { RotateResult } from "../../operations/rotation/rotate.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { oneComponent, rotationPermissions, signInWait } from "../options.ts";

/** `exo-auth rotate`. */
export const rotateCommand = defineCommand({
  name: "rotate",
  summary: "take one safe step of a certificate's rotation, where one is due",
  description:
    "Run it by schedule, once a day. One step a run: add a generation when the current certificate is two thirds through its lifetime, spread over a fleet by the stack's name; sign in with it, run an Exchange cmdlet, and only then make it the current one; remove the old one when the overlap is over and a sign-in with the current one works. Each step edits the stack's settings file and runs `pulumi up`, and leaves a valid certificate in place.",
  options: {
    component: oneComponent,
    "dry-run": { type: "boolean", description: "say what would happen and when, and change nothing" },
    "no-up": { type: "boolean", description: "edit the settings file only, for a change that is reviewed" },
    "renew-before": {
      type: "string",
      value: "TIME",
      description: "renew this long before the end, as in 60d; default: a third of the lifetime",
    },
    overlap: {
      type: "string",
      value: "TIME",
      default: "7d",
      description:
        "how long the old certificate stays, at least the 90 minutes that tokens live; default: 7d",
    },
    wait: signInWait,
  },
  examples: [
    { command: "exo-auth rotate --stack contoso", meaning: "daily, in a pipeline" },
    { command: "exo-auth rotate --dry-run", meaning: "what is next, and when" },
    { command: "exo-auth rotate --no-up && git diff", meaning: "each step as a pull request" },
  ],
  permissions: [
    ...rotationPermissions,
    "in the tenant, without --no-up: to read the application (Application.Read.All); its sign-ins are the application's own",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { rotate } = await import("../../operations/rotation/rotate.ts");
    const { rotateView } = await import("../views/rotateView.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const { usageFailure } = await import("../../common/failure.ts");
    const renewBefore = values["renew-before"];
    const overlapMs = parseDuration("--overlap", values.overlap);
    const { longestTokenMs } = await import("../../operations/rotation/tokenLifetime.ts");
    if (overlapMs < longestTokenMs) {
      throw usageFailure(
        `--overlap is shorter than the 90 minutes that tokens live, got "${values.overlap}". Give 90m or more; more still where a token lifetime policy lets them live longer.`,
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
