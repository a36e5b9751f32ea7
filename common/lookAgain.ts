/** How something is looked at until it has come to rest. */
export interface LookAgainOptions<Seen> {
  /** @param attempt from 1 */
  readonly look: (attempt: number) => Promise<Seen>;
  /**
   * How much longer what was seen may change by itself, in milliseconds; 0 or less ends.
   *
   * @param waited milliseconds that were paused so far
   */
  readonly remaining: (seen: Seen, waited: number) => number | Promise<number>;
  /** Told before each pause. */
  readonly waiting: (remainingMs: number, seen: Seen) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Looks, and looks again while what is seen may pass by itself, which servers of Microsoft's need after a change. The
 * pauses are short at first, since most waits are: 2, 4, 8, 15, 15 … seconds, and never longer than what remains.
 *
 * @returns what was seen last.
 */
export async function lookAgain<Seen>({
  look,
  remaining,
  waiting,
  pause,
}: LookAgainOptions<Seen>): Promise<Seen> {
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- each look follows the one before.
    const seen = await look(attempt);
    // oxlint-disable-next-line no-await-in-loop
    const left = await remaining(seen, waited);
    // A time that is not known ends it, too.
    if (!(left > 0)) return seen;
    waiting(left, seen);
    const next = Math.min(1000 * 2 ** attempt, 15_000, left);
    // oxlint-disable-next-line no-await-in-loop
    await pause(next);
    waited += next;
  }
}

/** What tells how long to look again after a change; milliseconds, times since 1970. */
export interface SinceChange {
  readonly changedAt: number;
  readonly waitMs: number;
  readonly now: number;
  readonly waited: number;
}

/**
 * How much longer what was seen after a change may pass. Never longer than the wait in all: whoever writes the time of the
 * change could name one to come, and nobody would hear of what was found.
 */
export function remainingSince({ changedAt, waitMs, now, waited }: SinceChange): number {
  return Math.min(changedAt + waitMs - now, waitMs - waited);
}
