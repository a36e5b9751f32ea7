import { setTimeout as sleep } from "node:timers/promises";

/** How the plugin passes the time between requests. */
export interface Waits {
  /** Between two looks at something that is there: a pure precaution, which can be skipped. */
  repeat(seconds: number): Promise<void>;
  /** Before something is tried again that did not work yet. */
  retry(seconds: number): Promise<void>;
}

/** A retry is this many times quicker than the official plugin's, unless real waits are asked for. */
const speedUp = 20;

/**
 * The plugin's waits.
 *
 * @param real - as long as the official plugin's; otherwise precautions take no time and retries a twentieth.
 */
export function createWaits(real: boolean): Waits {
  if (real) return { repeat: wait, retry: wait };
  return { repeat: () => Promise.resolve(), retry: (seconds) => wait(seconds / speedUp) };
}

async function wait(seconds: number): Promise<void> {
  await sleep(seconds * 1000);
}

/** What one look shows: what was waited for, something else, or nothing at all. */
export type Sighting = "done" | "pending" | "absent";

/** How to look for something. */
export interface Watch {
  /** The least time between two looks, in seconds. */
  readonly interval: number;
  /** How often in a row it must be seen. */
  readonly occurrences: number;
  /** When to give up, in seconds of waiting. */
  readonly timeout: number;
}

/**
 * Looks until what is waited for has been seen often enough, first at once, then with growing pauses.
 *
 * Source: helper/retry/state.go of Terraform's plugin SDK, with which the official plugin waits.
 *
 * @throws an error once the time is up, or after 21 looks in a row that showed nothing.
 */
export async function watchFor(waits: Waits, watch: Watch, look: () => Promise<Sighting>): Promise<void> {
  let seen = 0;
  let absent = 0;
  let pause = 0.1;
  let waited = 0;
  for (;;) {
    const sighting = await look();
    if (sighting === "done") {
      absent = 0;
      seen++;
      if (seen === watch.occurrences) return;
    } else if (sighting === "absent") {
      absent++;
      if (absent > 20) throw new Error("couldn't find resource (21 retries)");
    } else {
      absent = 0;
      seen = 0;
    }
    if (seen === 0) pause *= 2;
    pause = Math.min(Math.max(pause, watch.interval), Math.max(10, watch.interval));
    waited += pause;
    if (waited > watch.timeout)
      throw new Error(`timeout while waiting for state to become 'Done' (timeout: ${watch.timeout}s)`);
    await (seen > 0 ? waits.repeat(pause) : waits.retry(pause));
  }
}
