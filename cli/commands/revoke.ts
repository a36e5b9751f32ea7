import { defineCommand, outcomeOf } from "../command.ts";
import type { RevokeResult } from "../../operations/rotation/revoke.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { oneComponent, rotationPermissions, signInWait } from "../options.ts";

/** `exo-auth revoke`. */
export const revokeCommand = defineCommand({
  name: "revoke",
  summary: "take a certificate off the application whose key was stolen",
  description:
    "Brings up a new generation, signs in with it, makes it the current one and removes the stolen one in one go, without an overlap. With --now the stolen one goes first, and jobs fail until they have the new one. Whatever it takes, tokens that were got before stay valid for up to an hour.",
  options: {
    component: oneComponent,
    generation: {
      type: "string",
      value: "NAME",
      description: "whose key was stolen; default: the current one",
    },
    now: { type: "boolean", description: "remove it before anything takes its place" },
    yes: { type: "boolean", description: "do it; without this, nothing is done" },
    wait: signInWait,
  },
  examples: [
    { command: "exo-auth revoke --stack contoso --yes", meaning: "jobs go on, with the new certificate" },
    { command: "exo-auth revoke --now --yes", meaning: "the thief is inside at this moment" },
    { command: "exo-auth revoke --generation 1 --yes", meaning: "not the current one" },
  ],
  permissions: rotationPermissions,
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { revoke } = await import("../../operations/rotation/revoke.ts");
    const { revokeView } = await import("../views/revokeView.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const result = await revoke({
      stack: values.stack,
      cwd: values.cwd,
      component: values.component,
      generation: values.generation,
      immediately: values.now === true,
      confirmed: values.yes === true,
      waitMs: parseDuration("--wait", values.wait),
      ...context,
    });
    return outcomeOf(revokeExitCode(result), result, revokeView);
  },
});

/** The exit code: that of the sign-in that failed; 7 where people have something to do. */
export function revokeExitCode({ verification, toDo }: RevokeResult): ExitCode {
  if (verification?.problem) return signInExitCode(verification.problem);
  return toDo === undefined ? ExitCode.Ok : ExitCode.ExpectationFailed;
}
