import { equivalentsOfComponents } from "./equivalents/components.ts";
import { equivalentsOfOperations } from "./equivalents/operations.ts";
import type { Mutant } from "./instrument.ts";

/** A mutant that no test can notice, as what the code does stays the same; wherever in the file it stands now. */
export type Equivalent = Pick<Mutant, "file" | "original" | "replacement">;

/** Each with its reason, which is what a person reads. */
export const equivalents: readonly Equivalent[] = [
  ...equivalentsOfComponents,
  ...equivalentsOfOperations,
].flatMap(({ file, changes }) => changes.map(([original, replacement]) => ({ file, original, replacement })));

/** Whether a mutant is the one that is listed. */
export function isListed(mutant: Equivalent, { file, original, replacement }: Equivalent): boolean {
  return mutant.file === file && mutant.original === original && mutant.replacement === replacement;
}
