import { type ErrorTextName, says } from "../../common/errorTexts.ts";
import { Failure, type FailureReason } from "../../common/failure.ts";
import { endedEarly } from "../../stack/update.ts";

/** Why an update failed, as far as rotation has an answer. */
export type UpdateObstacle = "killed" | "locked" | "policy" | "protected" | "interrupted" | "other";

/** What the engine and the azuread plugin say, and what it means. */
const texts: readonly (readonly [UpdateObstacle, ...ErrorTextName[]])[] = [
  ["locked", "stackLocked", "updateInProgress"],
  ["policy", "policyRefused"],
  ["protected", "resourceProtected", "replacementProtected"],
  // A killed update leaves a credential in Entra that the state does not know, and azuread does not adopt it.
  ["interrupted", "certificateExists"],
];

const answers: Readonly<Record<UpdateObstacle, readonly [FailureReason | undefined, string]>> = {
  killed: [undefined, "Run `pulumi cancel`, which frees the stack. Then run this again."],
  locked: [
    undefined,
    "Another update of this stack is running, or one was killed. Wait, and run this again. If no update is running, `pulumi cancel` frees the stack.",
  ],
  policy: [
    "policy",
    "The tenant's app management policy refuses the new certificate. Set `certificate.validityDays` to what it allows (see `exo-auth preflight`), or ask for an exemption of this application.",
  ],
  protected: [
    "resource",
    "Resources that must be removed are protected. Run the `pulumi state unprotect` commands above, and then this again.",
  ],
  interrupted: [
    "resource",
    "An update that was killed left its credential on the application, and Pulumi does not know it. Run `exo-auth repair --yes`, which brings it into the state. Then run this again.",
  ],
  other: [undefined, "Correct the problem, and run this again."],
};

/** Which of the obstacles it is that an update's errors tell of. */
export function updateObstacle(errors: string): UpdateObstacle {
  if (errors.startsWith(endedEarly)) return "killed";
  return texts.find(([, ...names]) => says(errors, ...names))?.[0] ?? "other";
}

/**
 * The error for an update that failed.
 *
 * @param consequence what it means for those who sign in, as a sentence.
 */
export function updateFailure(errors: string, consequence: string): Failure {
  const [reason, remedy] = answers[updateObstacle(errors)];
  return new Failure("EXO_AUTH_PULUMI", `\`pulumi up\` failed: ${errors}\n${consequence} ${remedy}`, {
    reason,
  });
}
