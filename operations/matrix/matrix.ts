import { Failure } from "../../common/failure.ts";
import type { Shard } from "./shards.ts";
import { shardsOf, withoutExcluded } from "./shards.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { stackNames } from "../../stack/stackNames.ts";

/** What `matrix` is asked to do. */
export interface MatrixOptions extends PulumiOptions {
  /** How many jobs there may be. @default one a stack */
  readonly shards?: number | undefined;
  /** Names of stacks to leave out, with `*`, separated by commas. @default none */
  readonly exclude?: string | undefined;
}

/** What `matrix` found. */
export interface MatrixResult {
  readonly shards: readonly Shard[];
}

/** Splits the stacks of a project into parallel jobs. @throws Failure where there is none */
export async function matrix({ shards, exclude, ...options }: MatrixOptions): Promise<MatrixResult> {
  const names = await stackNames(options);
  const stacks = withoutExcluded(names, exclude);
  if (stacks.length > 0) return { shards: shardsOf(stacks, shards) };
  throw new Failure(
    "EXO_AUTH_STACK_NOT_FOUND",
    names.length === 0
      ? "The project has no stacks. Create one with `pulumi stack init`, or set PULUMI_BACKEND_URL to the backend that has them."
      : `--exclude leaves none of the project's stacks, got "${exclude}". It has ${names.join(", ")}.`,
  );
}
