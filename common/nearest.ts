/**
 * Those of `candidates` that `given` was probably meant to be, without regard to case: all that it begins, else all
 * that it ends, else the nearest one; none where none is near.
 */
export function nearest(given: string, candidates: readonly string[]): readonly string[] {
  const wanted = given.trim().toLowerCase();
  const begun = candidates.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (wanted.length >= 3 && begun.length > 0) return begun;
  const ended = candidates.filter((candidate) => candidate.toLowerCase().endsWith(wanted));
  if (wanted.length >= 6 && ended.length > 0) return ended;
  const greatest = Math.max(2, Math.ceil(wanted.length / 3));
  const distances = candidates.map((candidate) =>
    Math.abs(candidate.length - wanted.length) > greatest
      ? Number.POSITIVE_INFINITY
      : distance(wanted, candidate.toLowerCase()),
  );
  const least = Math.min(...distances);
  if (least > greatest) return [];
  const match = candidates[distances.indexOf(least)]?.toLowerCase();
  return candidates.filter((candidate) => candidate.toLowerCase() === match);
}

/** Levenshtein's distance: how many letters have to be added, removed or changed to make one text of another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [count, letter] of from.split("").entries()) {
    const next = [count + 1];
    for (let index = 1; index <= to.length; index++) {
      const change = row[index - 1]! + (letter === to[index - 1] ? 0 : 1);
      next.push(Math.min(row[index]! + 1, next[index - 1]! + 1, change));
    }
    row = next;
  }
  return row.at(-1)!;
}
