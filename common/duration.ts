import { usageFailure } from "./failure.ts";

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Reads "90s", "5m", "12h", "30d" or "2w".
 *
 * @param option what it was given for, for the error.
 * @returns milliseconds
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+)([smhdw])$/.exec(text);
  if (match?.[1] === undefined) {
    throw usageFailure(
      `${option} must be a length of time, got "${text}". Give a number and a unit: 90s, 5m, 12h, 30d or 2w.`,
    );
  }
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
