import { timeInWords } from "../../common/time.ts";
import { type DeclaredTimedRole, runningRoles, shownRole } from "../timedRoles/declaredTimedRoles.ts";
import type { Problem } from "./problem.ts";

/**
 * The problem of a job without a role, where the component declares roles until a time: one that has ended is why, and one
 * that runs is what `exo-auth grant` gives.
 *
 * @param timedRoles of the component
 */
export function timedRoleProblem(
  problem: Problem,
  timedRoles: readonly DeclaredTimedRole[],
  now: Date,
): Problem {
  if (problem.cause !== "roleMissing" || timedRoles.length === 0) return problem;
  const [running] = runningRoles(timedRoles, now.getTime());
  if (running !== undefined) {
    const name = shownRole(running.roleTemplateId);
    return {
      ...problem,
      remedy: `The component declares "${name}" until ${timeInWords(running.until)}. Run \`exo-auth grant --yes\`. If that has run, wait longer with --wait.`,
    };
  }
  const ended = timedRoles.map(
    ({ roleTemplateId, until }) => `"${shownRole(roleTemplateId)}" at ${timeInWords(until)}`,
  );
  return {
    ...problem,
    message: `${problem.message} Its declared roles have ended: ${ended.join(", ")}.`,
    remedy:
      "If the job still needs the role, set a later `until` in `timedRoles`, and run `pulumi up` and `exo-auth grant --yes`.",
    passing: false,
  };
}
