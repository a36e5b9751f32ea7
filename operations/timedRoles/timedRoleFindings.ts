import { timeInWords } from "../../common/time.ts";
import type { Finding, Rule } from "../findings/finding.ts";
import { type DeclaredTimedRole, shownRole } from "./declaredTimedRoles.ts";
import type { ObservedTimedRole } from "./observedTimedRoles.ts";
import { planTimedRoles, type TimedRoleStep } from "./planTimedRoles.ts";

const source = "https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentschedulerequest";

/** A declared role that the application does not have, or not as long as declared. */
export const timedRoleMissing: Rule = {
  id: "EXO-AUDIT-TIMED-ROLE-MISSING",
  title: "Declared role with an end that is missing, or ends too early",
  severity: "medium",
  why: "Scripts that need it fail. `exo-auth grant` has not run since the update, or somebody took the role away.",
  source,
};

/** A declared role that lasts longer than declared. */
export const timedRoleChanged: Rule = {
  id: "EXO-AUDIT-TIMED-ROLE-CHANGED",
  title: "Declared role with an end that lasts longer than declared",
  severity: "high",
  why: "Somebody moved the end, or removed it.",
  source,
};

/** Every kind of finding about roles with an end. */
export const timedRoleRules: readonly Rule[] = [timedRoleMissing, timedRoleChanged];

/** What stands for them among the checks of a section. */
export const timedRoleCheck = "Roles of Entra with an end";

/** Who looks, and when. */
export interface TimedRoleComparison {
  readonly declared: readonly DeclaredTimedRole[];
  readonly observed: readonly Omit<ObservedTimedRole, "isOwn">[];
  /** How long each role may last; undefined where that may not be read, so that an early end says nothing. */
  readonly limits: ReadonlyMap<string, string> | undefined;
  readonly now: number;
}

/** Compares the declared roles with those that the tenant has: what `exo-auth grant` would change of them. */
export function compareTimedRoles({
  declared,
  observed,
  limits,
  now,
}: TimedRoleComparison): readonly Finding[] {
  const roles = new Set(declared.map(({ roleTemplateId }) => roleTemplateId));
  const known = observed
    .filter(({ roleTemplateId }) => roles.has(roleTemplateId))
    .map((one) => ({ ...one, isOwn: true }));
  const plan = planTimedRoles({ timed: declared, lasting: [] }, known, limits ?? new Map(), now);
  return plan.steps.flatMap((step) => {
    const there = known.find(({ roleTemplateId }) => roleTemplateId === step.roleDefinitionId);
    const { until = "" } =
      declared.find(({ roleTemplateId }) => roleTemplateId === step.roleDefinitionId) ?? {};
    const isLate = there !== undefined && !endsEarly(there, step);
    if (there !== undefined && !isLate && limits === undefined) return [];
    return [
      {
        ...(isLate ? timedRoleChanged : timedRoleMissing),
        check: timedRoleCheck,
        // Another end ends an acceptance.
        subject: `Entra: ${shownRole(step.roleDefinitionId)}${isLate ? ` ${there.end ?? "without an end"}` : ""}`,
        found: there === undefined ? "none" : endInWords(there),
        declared: `until ${timeInWords(until)}`,
        remedy: "exo-auth grant --yes",
      },
    ];
  });
}

/** When a role ends, in words. */
function endInWords({ end }: Pick<ObservedTimedRole, "end">): string {
  return end === undefined ? "without an end" : `until ${timeInWords(end)}`;
}

/** Whether a step would let a role last longer than it does. */
function endsEarly({ end: found }: Pick<ObservedTimedRole, "end">, { end, action }: TimedRoleStep): boolean {
  return (
    action === "adminUpdate" &&
    found !== undefined &&
    end !== undefined &&
    Date.parse(found) < Date.parse(end)
  );
}
