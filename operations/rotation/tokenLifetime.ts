import { timeText } from "../../common/time.ts";

/**
 * The longest that an application's token lives where no token lifetime policy says otherwise: Entra gives each 60 to 90
 * minutes. Source: Microsoft's page "Configurable token lifetimes".
 */
export const longestTokenMs = 90 * 60_000;

/** Until when a token may live that was got before this time, RFC 3339. */
export function tokensEndAfter(time: Date): string {
  return timeText(time.getTime() + longestTokenMs);
}
