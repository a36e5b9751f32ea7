import { timeInWords } from "../../common/time.ts";
import { replicationMs } from "../../microsoft/replication.ts";
import type { Cause, Problem } from "./problem.ts";

const goneCauses: ReadonlySet<Cause> = new Set(["applicationMissing", "servicePrincipalMissing"]);

/**
 * The problem as the age of the deployment shows it: what is missing long after it was deployed is deleted, and no wait
 * brings it back.
 *
 * @param deployedAt when the stack's last update ended, RFC 3339; undefined where that is not known
 */
export function settledProblem(problem: Problem, deployedAt: string | undefined, now: Date): Problem {
  const isOld = deployedAt !== undefined && now.getTime() - Date.parse(deployedAt) > replicationMs;
  if (!isOld || !goneCauses.has(problem.cause)) return problem;
  return {
    ...problem,
    passing: false,
    remedy: `It was deleted: the stack's last update ended at ${timeInWords(deployedAt)}, so every server knows what it created. See docs/recovery.md, "The application was deleted".`,
  };
}
