import { nextName, type RotationFacts } from "./decide.ts";

/** How a generation is taken away. */
export interface RevocationPlan {
  /** The configuration's list with the generation that takes the stolen one's place; the stolen one is still in it. */
  readonly first: readonly string[];
  /** The configuration's list without the stolen one. Empty where nothing could take its place. */
  readonly final: readonly string[];
  /** The generation that takes its place; undefined where the stolen one is not the current one. */
  readonly replacement?: string;
  /** Whether the certificates are made elsewhere, so that a sign-in is not possible made here. */
  readonly supply: boolean;
}

/**
 * Which lists of generations take the stolen ones away. An older generation is no replacement, as it is about to go; a newer
 * one is, or one that an interrupted revocation began.
 *
 * @param stolen the name of the one whose key was stolen, and the names of those with the same key
 */
export function planRevocation(facts: RotationFacts, stolen: readonly string[], now: number): RevocationPlan {
  const { declared, deployed, unfinished } = facts;
  const [current] = deployed;
  const others = declared.filter((name) => !stolen.includes(name));
  const isValid = (name: string) => deployed.every((one) => one.name !== name || one.notAfter > now);
  const kept = others.filter(isValid);
  if (kept.includes(current.name)) {
    const final = [current.name, ...kept.filter((name) => name !== current.name)];
    return { first: declared, final, supply: false };
  }
  const isOlder = (name: string) =>
    deployed.some((one) => one.name === name && one.notBefore < current.notBefore);
  const supply = current.madeElsewhere;
  const known = kept.findLast((name) => !isOlder(name));
  const replacement =
    known ??
    (supply ? undefined : nextName([...declared, ...unfinished, ...deployed.map(({ name }) => name)]));
  if (replacement === undefined) return { first: declared, final: kept, supply };
  const rest = kept.filter((name) => name !== replacement);
  return {
    first: declared.includes(replacement) ? declared : [...declared, replacement],
    final: [replacement, ...rest],
    replacement,
    supply,
  };
}
