import type { ErrorHookArgs } from "@pulumi/pulumi";

/** What the engine tells of an operation that failed; its `errors` come newest first. */
export type Failure = Pick<ErrorHookArgs, "failedOperation" | "type" | "errors">;

/**
 * What Entra answers while its replicas have not caught up, or while two writes meet on one object. Each passes by itself.
 *
 * Sources: the texts that azuread 6.9.1 reports for them, and Microsoft Graph's error codes.
 */
const passing: readonly RegExp[] = [
  /Request_ResourceNotFound/,
  /does not exist or one of its queried reference-property objects are not present/,
  /does not reference a valid application object/,
  /backing application .* must in the local tenant/,
  /Not a valid reference update/,
  /Directory_ConcurrencyViolation/,
];

/** What Entra says to a second try while its lists do not show the service principal yet that azuread is to adopt. */
const notListedYet = /service principal name \S+ is already in use/;

/** What azuread says where no answer came; whether the request was carried out is unknown then. */
const unanswered = /HTTP response was nil|connection (?:reset|refused)|\bEOF\b|the connection to \S+ failed/;

/** The bridge's words for a create that failed after the object had got its id, which the state keeps. */
const halfWay = /creating urn:pulumi:/;

/** The bridge's words for an object that was created and then not found, so that no state knows it. */
const unknownId = /expected non-(?:nil error with nil state|empty ID for new state)/;

/** The pauses before each further try, in seconds: five minutes in all, which is what lagging tenants have been seen to need. */
const pauses: readonly number[] = [0.5, 1, 2, 4, 8, ...Array.from({ length: 19 }, () => 15)];

/** How often a broken connection is tried again: some fifteen seconds. */
const unansweredTries = 5;

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
  if (halfWay.test(error)) return "halfWay";
  if (unknownId.test(error)) return "unknownId";
  return unanswered.test(error) ? "unanswered" : "refused";
}

/** Whether an error passes by itself. */
export function passesByItself(error: string): boolean {
  return passing.some((text) => text.test(error));
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
export function pauseBeforeRetry(failure: Failure, random: number): number | undefined {
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
  return unanswered.test(error) && tries <= unansweredTries ? pauseAfter(tries, random) : undefined;
}

function pauseAfter(tries: number, random: number): number | undefined {
  const pause = pauses[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * 1000 * (0.75 + random / 2));
}

function isWorthAnotherTry({ failedOperation, type, errors }: Failure): boolean {
  const [newest = ""] = errors;
  const isUnanswered = unanswered.test(newest) && errors.length <= unansweredTries;
  if (failedOperation === "delete") return isUnanswered || /Directory_ConcurrencyViolation/.test(newest);
  const passes = passesByItself(newest);
  if (failedOperation === "update") return passes || isUnanswered;
  const stage = stageOf(newest);
  if (type === servicePrincipalType)
    return passes || isUnanswered || stage === "unknownId" || notListedYet.test(newest);
  if (stage === "unanswered") return isUnanswered && type !== applicationType;
  return stage === "refused" && passes;
}

/** azuread's type of an application. */
export const applicationType = "azuread:index/application:Application";

/** azuread's type of a service principal. */
export const servicePrincipalType = "azuread:index/servicePrincipal:ServicePrincipal";
