import { Failure, usageFailure } from "../../common/failure.ts";
import { nearest } from "../../common/nearest.ts";
import { shardsOf, withoutExcluded } from "../matrix/shards.ts";

/** Which stacks of a project. */
export interface StackChoice {
  /** Names of the only ones, separated by commas or spaces, as a job of `matrix` has them. @default all */
  readonly stacks?: string | undefined;
  /** Names to leave out, with `*`, separated by commas. @default none */
  readonly exclude?: string | undefined;
  /** Which job of how many, as in `3/20`. @default all */
  readonly shard?: string | undefined;
}

/**
 * The stacks of a project that are meant, sorted. A shard has exactly the stacks of that job of `matrix --shards`; it is empty
 * where there are fewer stacks than jobs.
 *
 * @throws Failure where a stack does not exist, or a shard cannot be meant
 */
export function chosenStacks(
  names: readonly string[],
  { stacks, exclude, shard }: StackChoice,
): readonly string[] {
  const wanted = stacks?.split(/[\s,]/).filter(Boolean);
  const unknown = wanted?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw noSuchStacks(unknown, names);
  const left = withoutExcluded(
    names.filter((name) => wanted?.includes(name) ?? true),
    exclude,
  ).toSorted();
  if (shard === undefined) return left;
  const [, index = 0, count = 0] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? []).map(Number);
  if (index < 1 || index > count) {
    throw usageFailure(`--shard must be a job and the number of jobs, such as 3/20, got "${shard}".`);
  }
  return shardsOf(left, count)[index - 1]?.stacks ?? [];
}

function noSuchStacks(unknown: readonly string[], names: readonly string[]): Failure {
  const hints = unknown.map((name) => {
    const near = nearest(name, names);
    return near.length === 0 ? `"${name}"` : `"${name}" (did you mean ${near.join(" or ")}?)`;
  });
  return new Failure(
    "EXO_AUTH_STACK_NOT_FOUND",
    `--stacks names stacks that the project does not have: ${hints.join(", ")}. See \`pulumi stack ls\`.`,
  );
}
