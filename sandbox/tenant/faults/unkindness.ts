import type { RequestMatcher } from "./matcher.ts";
import type { Faults } from "./faults.ts";

/** How unkind a server is to everybody, at random but the same for the same number. */
export interface Unkindness {
  /** Where the random numbers begin. */
  readonly seed: number;
  /** How many requests in a hundred meet a fault. @default 10 */
  readonly percent?: number;
}

/** A fault that strikes one request. */
export type RandomFault =
  | "throttle"
  | "throttleWithRetryAfter"
  | "unavailable"
  | "loseAnswer"
  | "dropConnection"
  | "delay";

const kinds: readonly RandomFault[] = [
  "throttle",
  "throttleWithRetryAfter",
  "unavailable",
  "loseAnswer",
  "dropConnection",
  "delay",
];

/** Draws, for one request after the other, what goes wrong with it. */
export function makeDice(unkindness: Unkindness): () => RandomFault | undefined {
  const random = randomNumbers(unkindness.seed);
  const percent = unkindness.percent ?? 10;
  return () => (random() * 100 < percent ? kinds[Math.floor(random() * kinds.length)] : undefined);
}

/** Sets what a draw says, for the next request that fits. */
export function setFault(faults: Faults, kind: RandomFault, matcher: RequestMatcher): void {
  const set: Readonly<Record<RandomFault, () => unknown>> = {
    throttle: () => faults.throttle(matcher, undefined, 1),
    throttleWithRetryAfter: () => faults.throttle(matcher, 1, 1),
    unavailable: () => faults.refuse(matcher, { status: 503 }, 1),
    loseAnswer: () => faults.loseAnswer(matcher, 1),
    dropConnection: () => faults.dropConnection(matcher, 1),
    delay: () => faults.delay(matcher, 50, 1),
  };
  set[kind]();
}

/** Mulberry32: a small generator, even enough for this, and the same on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
