/** A time as everything here writes it: RFC 3339 in UTC, whole seconds, rounded down. Entra keeps no more. */
export function timeText(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/**
 * A time as people say it: `2026-11-27 18:35 UTC`, rounded down to the minute. A text that is no time stays as it is, since
 * a tenant can have written it.
 */
export function timeInWords(time: Date | number | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Until when something lasts, as people say it. */
export function endInWords(end: string | null | undefined): string {
  return end === null || end === undefined ? "without an end" : `until ${timeInWords(end)}`;
}
