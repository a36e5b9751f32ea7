import { Failure } from "../../common/failure.ts";
import type { StackComponent } from "../../stack/components.ts";

/**
 * Stops before an update where another one has changed the generations since the step was decided: it would take away a
 * certificate that is the current one by now, or bring back one that was revoked.
 *
 * @throws Failure
 */
export function requireSameGenerations(before: StackComponent, now: StackComponent): void {
  if (contentOf(before) === contentOf(now)) return;
  throw new Failure(
    "EXO_AUTH_OUTDATED",
    `Another update changed the certificates of component "${before.name}" while this command ran: generations ${namesOf(before)} became ${namesOf(now)}. Nothing was changed. Get the newest configuration (\`git pull\`), and run this again.`,
  );
}

/** The first is the current one. */
function contentOf({ generations }: StackComponent): string {
  return generations
    .map(({ generation, keyId, certificateThumbprintSha256 }) =>
      [generation, keyId, certificateThumbprintSha256].join(" "),
    )
    .join("\n");
}

function namesOf({ generations }: StackComponent): string {
  return generations.map(({ generation }) => generation).join(", ") || "none";
}
