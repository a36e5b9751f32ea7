/**
 * What Entra answers while its replicas have not caught up, or while two writes meet on one object. Each passes by itself.
 *
 * Sources: the texts that azuread reports for them, and Microsoft Graph's error codes.
 */
const passing: readonly RegExp[] = [
  /Request_ResourceNotFound/,
  /does not exist or one of its queried reference-property objects are not present/,
  /does not reference a valid application object/,
  /backing application .* must in the local tenant/,
  /Not a valid reference update/,
  /Directory_ConcurrencyViolation/,
];

/** The pauses before each further try, in seconds: five minutes in all, which is what lagging tenants have been seen to need. */
const pauses: readonly number[] = [0.5, 1, 2, 4, 8, ...Array.from({ length: 19 }, () => 15)];

/**
 * How long to wait before the failed operation is tried again.
 *
 * @param operation `create`, `update` or `delete`. A deletion is never tried again: its 404 means that the object is gone.
 * @param errors the errors so far, newest first.
 * @param random a number from 0 to 1, which spreads tries that began together.
 * @returns milliseconds; undefined where waiting does not help, or has lasted long enough.
 */
export function pauseBeforeRetry(
  operation: string,
  errors: readonly string[],
  random: number,
): number | undefined {
  const [newest = ""] = errors;
  const pause = pauses[errors.length - 1];
  if (operation === "delete" || pause === undefined || !passing.some((text) => text.test(newest)))
    return undefined;
  return Math.round(pause * 1000 * (0.75 + random / 2));
}
