/** Lets one holder of a name in at a time; others wait their turn. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work once everyone who asked for the name before is done. */
  async hold<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#last.set(name, turn);
    return turn;
  }
}
