/** A time as everything here writes it: RFC 3339 in UTC, whole seconds, rounded down. Entra keeps no more. */
export function timeText(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
