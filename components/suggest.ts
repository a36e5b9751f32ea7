import { closestMatch } from "leven";

/** The one of `candidates` that `given` was probably meant to be, without regard to case; undefined where none is near. */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const byLowerCase = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const wanted = given.trim().toLowerCase();
  const match = closestMatch(wanted, [...byLowerCase.keys()], {
    maxDistance: Math.max(2, Math.ceil(wanted.length / 3)),
  });
  return match === undefined ? undefined : byLowerCase.get(match);
}
