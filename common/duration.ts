import { usageFailure } from "./failure.ts";

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** How a length of time is written, as the end of a sentence. */
export const durationForm = "a number and a unit: 90s, 5m, 12h, 30d or 2w";

/**
 * Reads "90s", "5m", "12h", "30d" or "2w".
 *
 * @param option what it was given for, for the error.
 * @returns milliseconds
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+)([smhdw])$/.exec(text);
  if (match?.[1] === undefined) {
    throw usageFailure(`${option} must be a length of time, got "${text}". Give ${durationForm}.`);
  }
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
