/**
 * The name of a property or relationship as its type spells it: Graph does not tell case there.
 *
 * @returns undefined where there is none
 */
export function nameOf(known: Iterable<string>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const one of known) if (one.toLowerCase() === wanted) return one;
  return undefined;
}
