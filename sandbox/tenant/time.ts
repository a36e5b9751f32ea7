/** A time as Graph writes it: whole seconds, UTC. */
export function toGraphTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
