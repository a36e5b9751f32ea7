import { closestMatch } from "leven";

/**
 * Those of `candidates` that `given` was probably meant to be, without regard to case: all that it begins, else the
 * nearest one; none where none is near.
 */
export function nearest(given: string, candidates: readonly string[]): readonly string[] {
  const wanted = given.trim().toLowerCase();
  const begun = candidates.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (wanted.length >= 3 && begun.length > 0) return begun;
  const match = closestMatch(
    wanted,
    candidates.map((candidate) => candidate.toLowerCase()),
    { maxDistance: Math.max(2, Math.ceil(wanted.length / 3)) },
  );
  return candidates.filter((candidate) => candidate.toLowerCase() === match);
}
