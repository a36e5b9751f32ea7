import { childTypes } from "../common/typeTokens.ts";
import { explainFailure } from "./failureExplanation.ts";
import { type FailedOperation, pauseBeforeRetry, stageOf } from "./replication.ts";

/** What the engine is told after a failure. */
export interface RetryAnswer {
  /** In milliseconds; undefined where the failure stands. */
  readonly pause: number | undefined;
  readonly messages: readonly RetryMessage[];
}

/** What a person reads of a failure. */
export interface RetryMessage {
  readonly severity: "info" | "warn" | "error";
  readonly text: string;
  /** Whether it is shown only while the resource is waited for. */
  readonly isPassing: boolean;
}

/**
 * Whether a failed operation is tried again, when, and what is said of it.
 *
 * @param random from 0 to 1, so that tries which began together do not go on together
 */
export function answerTo(failure: FailedOperation & { readonly name: string }, random: number): RetryAnswer {
  const { name } = failure;
  const pause = pauseBeforeRetry(failure, random);
  if (pause === undefined) {
    const explanation = explainFailure(failure);
    const messages = explanation === undefined ? [] : [lasting("error", `${name}: ${explanation}`)];
    return { pause, messages };
  }
  const seconds = (pause / 1000).toFixed(1);
  const waits = `Entra did not accept ${name} yet. Trying again in ${seconds} s`;
  const messages: RetryMessage[] = [{ severity: "info", text: waits, isPassing: true }];
  if (isFirstAdoption(failure)) messages.push(lasting("warn", `${name}: ${adopted}`));
  return { pause, messages };
}

const adopted =
  "the service principal was created, but not finished, and is adopted now. The deploying identity still owns it, and can add credentials to it. To end that, run `pulumi up --refresh` next.";

function lasting(severity: RetryMessage["severity"], text: string): RetryMessage {
  return { severity, text, isPassing: false };
}

/** azuread takes the deploying identity off the owners at the end of a create that nothing disturbed, and not when it adopts. */
function isFirstAdoption({
  failedOperation,
  type,
  errors: [newest = "", ...older],
}: FailedOperation): boolean {
  return (
    failedOperation === "create" &&
    type === childTypes.servicePrincipal &&
    isMade(newest) &&
    !older.some(isMade)
  );
}

function isMade(error: string): boolean {
  return stageOf(error) !== "refused";
}
