import { isDeepStrictEqual } from "node:util";
import { isoDurationMs } from "../../common/isoDuration.ts";
import { timeInWords } from "../../common/time.ts";
import { componentType } from "../../common/typeTokens.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { RoleAssignmentRules } from "../../graph/roleSchedules.ts";
import { rolePolicyReader } from "../../microsoft/rolePolicies.ts";
import type { Plan } from "../../stack/plan.ts";
import { readRecord } from "../../stack/record.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import {
  type DeclaredTimedRole,
  runningRoles,
  shownRole,
  timedRolesOf,
} from "../timedRoles/declaredTimedRoles.ts";
import { type RoleMove, roleMoves } from "../timedRoles/roleMoves.ts";
import { readRules } from "../timedRoles/roleRules.ts";
import { type CheckResult, notChecked } from "./checkResult.ts";

/** What the next update does to roles with an end, and leaves to `exo-auth grant`. */
export interface PlannedTimedRoles {
  /** That the plan alone says. */
  readonly findings: readonly CheckResult[];
  /** Those that the program declares and that have not ended. */
  readonly running: readonly DeclaredTimedRole[];
}

/** What a plan says of roles with an end. */
export function plannedTimedRoles(plan: Plan, now: Date): PlannedTimedRoles {
  const components = plan.steps.filter(({ urn }) => parseUrn(urn).type === componentType);
  const declared = components.flatMap(({ newState }) => timedOf(newState));
  const moves = roleMoves(plan, now.getTime());
  const changed = components.filter(
    ({ urn, oldState, newState }) =>
      newState !== undefined &&
      !isDeepStrictEqual(timedOf(oldState), timedOf(newState)) &&
      !moves.some(({ component }) => component === parseUrn(urn).name),
  );
  return {
    findings: [...moves.map(moveFinding), ...changed.map(({ urn }) => toGrant(parseUrn(urn).name))],
    running: runningRoles(declared, now.getTime()),
  };
}

function timedOf(resource: StackResource | undefined): readonly DeclaredTimedRole[] {
  return resource === undefined ? [] : timedRolesOf(readRecord(resource));
}

function moveFinding({ component, roleTemplateId, until }: RoleMove): CheckResult {
  const name = shownRole(roleTemplateId);
  const remedy =
    "Before the update, run `exo-auth grant --before-update --yes`. It changes the assignment itself, so no job is without the role.";
  if (until === undefined)
    return {
      kind: "obstacle",
      cause: "timedRoleStays",
      message: `Component "${component}" gets the role "${name}" without an end, and has it until a time. Entra refuses a second assignment.`,
      remedy,
    };
  return {
    kind: "obstacle",
    cause: "roleWouldPause",
    message: `Component "${component}" gets the role "${name}" until ${timeInWords(until)} instead of without an end. The update would take it away, and \`exo-auth grant\` would give it only afterwards.`,
    remedy,
  };
}

function toGrant(component: string): CheckResult {
  return {
    kind: "warning",
    cause: "timedRolesToGrant",
    message: `The update changes what component "${component}" declares of \`timedRoles\`, and does not give or take them.`,
    remedy: "After the update, run `exo-auth grant --yes`.",
  };
}

/** Whether the tenant's rules let `exo-auth grant` give the roles that are declared. */
export async function checkRoleRules(
  graph: GraphClient,
  running: readonly DeclaredTimedRole[],
  now: Date,
): Promise<readonly CheckResult[]> {
  if (running.length === 0) return [];
  try {
    const ids = [...new Set(running.map(({ roleTemplateId }) => roleTemplateId))];
    const rules = await readRules(graph, ids);
    if (rules === undefined)
      return [notChecked("whether the tenant's rules allow the roles of `timedRoles`", rolePolicyReader)];
    return running.flatMap((role) => checkRole(role, rules.get(role.roleTemplateId), now));
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.code !== "AadPremiumLicenseRequired") throw error;
    return [
      {
        kind: "warning",
        cause: "timedRolesUnlicensed",
        message:
          "The tenant has no license for roles with an end, so `exo-auth grant` cannot give `timedRoles`.",
        remedy: "Assign Entra ID P2 or Entra ID Governance, or move the roles to `roles`.",
      },
    ];
  }
}

function checkRole(
  { roleTemplateId, until }: DeclaredTimedRole,
  { maximumDuration, required }: RoleAssignmentRules = { required: [] },
  now: Date,
): readonly CheckResult[] {
  const name = shownRole(roleTemplateId);
  const unmet = required.filter((one) => one !== "Justification");
  const limitMs = maximumDuration === undefined ? undefined : isoDurationMs(maximumDuration);
  const isTooLong = limitMs !== undefined && Date.parse(until) - now.getTime() > limitMs;
  return [
    ...(unmet.length === 0
      ? []
      : [
          {
            kind: "warning",
            cause: "timedRoleRefused",
            message: `The tenant's rules ask anyone who assigns "${name}" for ${unmet.join(" and ")}, which an application does not have.`,
            remedy:
              "Change the role's settings for active assignments in Privileged Identity Management, or let an administrator assign it.",
          } as const,
        ]),
    ...(isTooLong
      ? [
          {
            kind: "warning",
            cause: "timedRoleTooLong",
            message: `The tenant's rules let "${name}" last ${maximumDuration}, so it ends before ${timeInWords(until)}.`,
            remedy:
              "Run `exo-auth grant --yes` again before it ends, such as every week. It renews the role.",
          } as const,
        ]
      : []),
    ...(unmet.length === 0 && !isTooLong
      ? [
          {
            kind: "passed",
            message: `the tenant's rules allow "${name}" until ${timeInWords(until)}`,
          } as const,
        ]
      : []),
  ];
}
