import { styleText } from "node:util";

/** A line about something that works. */
export function good(text: string): string {
  return `${styleText("green", "✓", unchecked)} ${text}`;
}

/** A line about something that does not. */
export function bad(text: string): string {
  return `${styleText("red", "✗", unchecked)} ${text}`;
}

/** A line about something that was left out. */
export function skipped(text: string): string {
  return `${styleText("dim", "-", unchecked)} ${text}`;
}

// Colours are taken out where they are not wanted, once, when the text is printed.
const unchecked = { validateStream: false } as const;
