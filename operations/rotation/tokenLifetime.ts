import { timeText } from "../../common/time.ts";
import { longestTokenMs } from "../../microsoft/tokens.ts";

/** Until when a token may live that was got before this time, RFC 3339. */
export function tokensEndAfter(time: Date): string {
  return timeText(time.getTime() + longestTokenMs);
}
