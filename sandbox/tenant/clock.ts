/** The tenants' clock: somebody else's, moved by as much as has been asked for. */
export class Clock {
  readonly #base: () => Date;
  #offsetMs = 0;

  constructor(base: () => Date) {
    this.#base = base;
  }

  now(): Date {
    return new Date(this.#base().getTime() + this.#offsetMs);
  }

  /** Moves the clock, backwards for negative values. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Sets the clock; it goes on from there. */
  set(time: Date): void {
    this.#offsetMs += time.getTime() - this.now().getTime();
  }

  /** Back to the clock underneath. */
  reset(): void {
    this.#offsetMs = 0;
  }
}
