import { defineCommand, outcomeOf } from "../command.ts";
import type { RotateResult } from "../../operations/rotation/rotate.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { oneComponent, rotationOptions, rotationPermissions } from "../options.ts";

/** `exo-auth rotate`. */
export const rotateCommand = defineCommand({
  name: "rotate",
  summary: "take the next safe step of a certificate's rotation, if one is due",
  description:
    "Run it once a day, on a schedule. Each run takes one step at most:\n\n- When two thirds of the current certificate's lifetime are over, it adds a generation. The exact day depends on the stack's name, so the stacks of a fleet rotate on different days.\n- It signs in with the new generation and runs an Exchange cmdlet. If both work, it makes the new generation the current one.\n- When the overlap is over and a sign-in with the current one works, it removes the old one.\n\nEach step edits the stack's settings file and runs `pulumi up`. The application has a valid certificate at all times.",
  options: {
    component: oneComponent,
    ...rotationOptions,
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
    const { rotationSettings } = await import("../rotationSettings.ts");
    const result = await rotate({
      stack: values.stack,
      cwd: values.cwd,
      component: values.component,
      ...rotationSettings(values),
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
