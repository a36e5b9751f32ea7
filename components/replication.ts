import type { ErrorHookArgs } from "@pulumi/pulumi";

import { type ErrorTextName, says } from "../common/errorTexts.ts";
import { childTypes } from "../common/typeTokens.ts";

/** What the engine tells of an operation that failed; its `errors` come newest first. */
export type FailedOperation = Pick<ErrorHookArgs, "failedOperation" | "type" | "errors">;

/** What Entra answers while its replicas have not caught up, or while two writes meet on one object. Each passes by itself. */
const passing = [
  "resourceNotFound",
  "referenceNotFound",
  "applicationNotReplicated",
  "applicationInOtherTenant",
  "invalidReference",
  "concurrentWrite",
] as const satisfies readonly ErrorTextName[];

/** What azuread says where no answer came; whether the request was carried out is unknown then. */
const unanswered = [
  "noResponse",
  "connectionBroken",
  "endOfAnswer",
] as const satisfies readonly ErrorTextName[];

/** The pauses before each further try, in seconds: five minutes in all, which is what lagging tenants have been seen to need. */
const pauses: readonly number[] = [0.5, 1, 2, 4, 8, ...Array.from({ length: 19 }, () => 15)];

/** How often a broken connection is tried again: some fifteen seconds. */
const unansweredTries = 5;

/**
 * How often an update is tried again whose object is not found: some fifteen seconds, for a server that does not know yet
 * what the last update has made. An object that the state has is otherwise one that was deleted.
 */
const missingTries = 5;

/** How far an operation that failed has got. */
export type Stage =
  /** Entra refused it: nothing was done. */
  | "refused"
  /** No answer came: it may have been done. */
  | "unanswered"
  /** The object was made, and the state knows it. */
  | "halfWay"
  /** The object was made, and the state does not know it. */
  | "unknownId";

/** How far a try got, by its error. */
export function stageOf(error: string): Stage {
  if (says(error, "createUnfinished")) return "halfWay";
  if (says(error, "createdAndVanished", "createdWithoutId")) return "unknownId";
  return says(error, ...unanswered) ? "unanswered" : "refused";
}

/** Whether an error passes by itself. */
export function passesByItself(error: string): boolean {
  return says(error, ...passing);
}

/**
 * How long to wait before the failed operation is tried again.
 *
 * A create is tried again only where that cannot make a second object: what Entra refused; our service principal, which
 * azuread adopts; and where no answer came, what Entra refuses to have twice. A second application would be a second one.
 *
 * @param random a number from 0 to 1, which spreads tries that began together.
 * @returns milliseconds; undefined where waiting does not help, or has lasted long enough.
 */
export function pauseBeforeRetry(failure: FailedOperation, random: number): number | undefined {
  return isWorthAnotherTry(failure) ? pauseAfter(failure.errors.length, random) : undefined;
}

/**
 * How long to wait before a lookup is tried again, which a broken connection alone is a reason for: azuread itself tries
 * again what was throttled, and what is not there is not there.
 *
 * @param tries how often it has been tried
 * @param random a number from 0 to 1
 * @returns milliseconds; undefined where waiting does not help, or has lasted long enough.
 */
export function pauseBeforeLookup(error: string, tries: number, random: number): number | undefined {
  return says(error, ...unanswered) && tries <= unansweredTries ? pauseAfter(tries, random) : undefined;
}

function pauseAfter(tries: number, random: number): number | undefined {
  const pause = pauses[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * 1000 * (0.75 + random / 2));
}

function isWorthAnotherTry({ failedOperation, type, errors }: FailedOperation): boolean {
  const [newest = ""] = errors;
  const isUnanswered = says(newest, ...unanswered) && errors.length <= unansweredTries;
  if (failedOperation === "delete") return isUnanswered || says(newest, "concurrentWrite");
  const passes = passesByItself(newest);
  if (failedOperation === "update") {
    const isMissing = says(newest, "resourceNotFound");
    return isUnanswered || (passes && (!isMissing || errors.length <= missingTries));
  }
  const stage = stageOf(newest);
  // Entra says that the name is in use while its lists do not show the service principal yet that azuread is to adopt.
  if (type === childTypes.servicePrincipal)
    return passes || isUnanswered || stage === "unknownId" || says(newest, "servicePrincipalNameInUse");
  if (stage === "unanswered") return isUnanswered && type !== childTypes.application;
  return stage === "refused" && passes;
}
