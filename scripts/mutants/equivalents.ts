import type { Mutant } from "./instrument.ts";

/** A mutant that no test can notice, as what the code does stays the same; wherever in the file it stands now. */
export interface Equivalent extends Pick<Mutant, "file" | "original" | "replacement"> {
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [];

/** Whether a mutant is the one that is listed. */
export function isListed(mutant: Mutant, { file, original, replacement }: Equivalent): boolean {
  return mutant.file === file && mutant.original === original && mutant.replacement === replacement;
}
