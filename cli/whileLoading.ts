/**
 * Lets something go on while Node loads the rest of a command, which takes as long. A failure shows where the result is
 * awaited, and does not end the process before.
 */
export function whileLoading<Result>(begun: Promise<Result>): Promise<Result> {
  begun.catch(() => undefined);
  return begun;
}
