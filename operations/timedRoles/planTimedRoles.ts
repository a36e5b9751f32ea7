import { isoDurationMs } from "../../common/isoDuration.ts";
import { timeInWords, timeText } from "../../common/time.ts";
import type { RoleChange } from "../../graph/roleSchedules.ts";
import { type DeclaredTimedRole, shownRole } from "./declaredTimedRoles.ts";
import type { ObservedTimedRole } from "./observedTimedRoles.ts";

/** A change of a role of Entra, as people are told of it and as Graph is asked for it. */
export interface TimedRoleStep extends Pick<RoleChange, "action" | "roleDefinitionId" | "end"> {
  readonly title: string;
}

/** What is declared of a principal's roles of Entra. */
export interface DeclaredEntraRoles {
  readonly timed: readonly DeclaredTimedRole[];
  /** Template ids of those that it holds without an end. */
  readonly lasting: readonly string[];
}

/** What leads from the roles that a principal has to those that are declared. */
export interface TimedRolePlan {
  readonly steps: readonly TimedRoleStep[];
  /** What is left alone, or ends early, and worth knowing. */
  readonly notes: readonly string[];
}

/**
 * The steps to the declared roles. One that the rules of the tenant let last only so long is renewed when half of that has
 * passed, as long as the declared end lies later.
 *
 * @param limits how long each role may last, ISO 8601, by its template id; none where it is not there
 */
export function planTimedRoles(
  { timed, lasting }: DeclaredEntraRoles,
  observed: readonly ObservedTimedRole[],
  limits: ReadonlyMap<string, string>,
  now: number,
): TimedRolePlan {
  const planned = timed.map((role) => planDeclared(role, observed, limits.get(role.roleTemplateId), now));
  const others = observed
    .filter(({ roleTemplateId }) => !timed.some((one) => one.roleTemplateId === roleTemplateId))
    .map((one) => planOther(one, lasting));
  const all = [...planned, ...others];
  return { steps: all.flatMap(({ steps }) => steps), notes: all.flatMap(({ notes }) => notes) };
}

const nothing: TimedRolePlan = { steps: [], notes: [] };

function planDeclared(
  { roleTemplateId, until }: DeclaredTimedRole,
  observed: readonly ObservedTimedRole[],
  limit: string | undefined,
  now: number,
): TimedRolePlan {
  const there = observed.find((one) => one.roleTemplateId === roleTemplateId);
  const name = shownRole(roleTemplateId);
  const declared = Date.parse(until);
  if (declared <= now) return there === undefined ? nothing : planEnded(there, until);
  const limitMs = limit === undefined ? undefined : isoDurationMs(limit);
  const reachable = Math.min(declared, now + (limitMs ?? Infinity));
  const shortened = (ends: number): readonly string[] =>
    limit === undefined || ends >= declared - roundingMs
      ? []
      : [
          `The tenant's rules let the role "${name}" last ${limit}. It ends at ${timeInWords(ends)}, before ${timeInWords(declared)}. Run this command again before it ends.`,
        ];
  const step = (action: "adminAssign" | "adminUpdate", title: string): TimedRolePlan => ({
    steps: [{ title, action, roleDefinitionId: roleTemplateId, end: timeText(reachable) }],
    notes: shortened(reachable),
  });
  const end = timeInWords(reachable);
  if (there === undefined) return step("adminAssign", `give it the role "${name}" until ${end}`);
  if (there.end === undefined)
    return step("adminUpdate", `let the role "${name}", which it has without an end, end at ${end}`);
  // Entra may round.
  const found = Date.parse(there.end);
  if (found > declared + roundingMs)
    return step("adminUpdate", `let the role "${name}" end at ${end}, instead of ${timeInWords(found)}`);
  const isDue = limitMs === undefined || found - now < limitMs / 2;
  if (found < reachable - roundingMs && isDue)
    return step("adminUpdate", `renew the role "${name}", which ends at ${timeInWords(found)}, until ${end}`);
  return { steps: [], notes: shortened(found) };
}

const roundingMs = 60_000;

/** A role whose declared end has passed, and that is still there. */
function planEnded({ roleTemplateId, isOwn }: ObservedTimedRole, until: string): TimedRolePlan {
  const name = shownRole(roleTemplateId);
  const words = `which was declared until ${timeInWords(until)}`;
  if (isOwn)
    return {
      steps: [
        {
          title: `take back the role "${name}", ${words}`,
          action: "adminRemove",
          roleDefinitionId: roleTemplateId,
        },
      ],
      notes: [],
    };
  return {
    steps: [],
    notes: [`Left alone: it has the role "${name}", ${words}, and exo-auth did not give it.`],
  };
}

/** A role that is not declared until a time: one of `roles`, or one that nobody declares. */
function planOther(
  { roleTemplateId, isOwn, end }: ObservedTimedRole,
  lasting: readonly string[],
): TimedRolePlan {
  if (!isOwn) return nothing;
  const name = shownRole(roleTemplateId);
  const step = (action: "adminUpdate" | "adminRemove", title: string): TimedRolePlan => ({
    steps: [{ title, action, roleDefinitionId: roleTemplateId }],
    notes: [],
  });
  if (!lasting.includes(roleTemplateId)) return step("adminRemove", `take back the role "${name}"`);
  if (end === undefined) return nothing;
  return step(
    "adminUpdate",
    `let the role "${name}" last without an end, instead of until ${timeInWords(end)}`,
  );
}
