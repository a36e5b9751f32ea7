import type { Shard } from "./shards.ts";

/** The platforms whose form of a matrix is known. */
export const platforms = ["github", "azure", "gitlab"] as const;

/** One of `platforms`. */
export type Platform = (typeof platforms)[number];

/** How many jobs a matrix of GitHub's makes: https://docs.github.com/en/actions/reference/limits. */
export const mostJobsOfGitHub = 256;

type Matrix = Readonly<Record<string, unknown>>;

/** A matrix as a platform takes it. In all of them a job's stacks are one text, separated by spaces. */
export function matrixFor(platform: Platform, shards: readonly Shard[]): Matrix {
  return matrices[platform](shards);
}

const matrices: Readonly<Record<Platform, (shards: readonly Shard[]) => Matrix>> = {
  github: (shards) => ({ include: shards.map(({ name, stacks }) => ({ name, stacks: stacks.join(" ") })) }),
  azure: azureMatrix,
  gitlab: gitlabJobs,
};

/**
 * Legs by name. Names are letters, digits and underscores, begin with a letter, and have 100 characters at most:
 * https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/jobs-job-strategy.
 */
function azureMatrix(shards: readonly Shard[]): Matrix {
  const taken = new Set<string>();
  const legs = shards.map(({ name, stacks }) => {
    const leg = legName(name, taken);
    taken.add(leg.toLowerCase());
    return [leg, { stacks: stacks.join(" ") }] as const;
  });
  return Object.fromEntries(legs);
}

function legName(name: string, taken: ReadonlySet<string>): string {
  const wanted = `stack_${name.replace(/^(\d+)\/(\d+)$/, "$1_of_$2").replaceAll(/\W/g, "_")}`;
  for (let copy = 1; ; copy += 1) {
    const end = copy === 1 ? "" : `_${copy}`;
    const candidate = wanted.slice(0, 100 - end.length) + end;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

/**
 * Jobs of a child pipeline, each extending `.stacks`. GitLab's own `parallel:matrix` puts every value into the job's
 * name, which may have 255 characters, and so has no room for the stacks of a job.
 */
function gitlabJobs(shards: readonly Shard[]): Matrix {
  return Object.fromEntries(
    shards.map(({ name, stacks }) => [
      // A stack may be named as one of GitLab's keywords, such as `default`; a job may not.
      `stacks ${name}`,
      { extends: ".stacks", variables: { STACKS: stacks.join(" ") } },
    ]),
  );
}
