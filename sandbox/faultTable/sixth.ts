import { execFileSync } from "node:child_process";

import { SandboxError } from "../sandboxError.ts";

/** How many parts the table is divided into: a run of all tests takes one of them. */
const parts = 6;

/** One part of the table's cells. */
export interface Sixth {
  /** From 1 to 6. */
  readonly number: number;
  /** Why this one. */
  readonly reason: string;
  /** Whether a cell falls to it, by its number in the table's order. A row's faults fall to different ones. */
  readonly contains: (index: number) => boolean;
}

/**
 * The part whose turn it is: that of the environment's FAULTS_SIXTH, else another one with each commit.
 *
 * @param git runs git in the repository and gives what it prints @throws where that is none of the parts
 */
export function currentSixth(env: NodeJS.ProcessEnv, git: (...args: readonly string[]) => string): Sixth {
  const wanted = env["FAULTS_SIXTH"] ?? "";
  if (wanted === "") return sixthOfCommit(git);
  if (!/^[1-6]$/.test(wanted)) {
    throw new SandboxError(`FAULTS_SIXTH must be a number from 1 to ${parts}, got "${wanted}".`);
  }
  return sixth(Number(wanted), "FAULTS_SIXTH");
}

/** Runs git in a repository. */
export function gitIn(folder: string): (...args: readonly string[]) => string {
  return (...args) => execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
}

function sixthOfCommit(git: (...args: readonly string[]) => string): Sixth {
  // A shallow clone does not know how many commits there are.
  if (git("rev-parse", "--is-shallow-repository") === "true") {
    const hash = git("rev-parse", "HEAD");
    return sixth((Number.parseInt(hash.slice(0, 8), 16) % parts) + 1, `commit ${hash.slice(0, 8)}`);
  }
  const commits = Number(git("rev-list", "--count", "HEAD"));
  return sixth((commits % parts) + 1, `${commits} commits`);
}

function sixth(number: number, reason: string): Sixth {
  return { number, reason, contains: (index) => index % parts === number - 1 };
}
