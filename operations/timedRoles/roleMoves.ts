import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { Plan } from "../../stack/plan.ts";
import { readRecord } from "../../stack/record.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import { type DeclaredTimedRole, timedRolesOf } from "./declaredTimedRoles.ts";

/** A role that an update moves between `roles`, whose assignments azuread has, and `timedRoles`. */
export interface RoleMove {
  readonly component: string;
  readonly roleTemplateId: string;
  /** The URN of azuread's role assignment. */
  readonly urn: string;
  /** When it ends, RFC 3339, where it gets an end; absent where it loses one. */
  readonly until?: string;
}

/**
 * The roles that the next update moves. Entra knows one assignment of a role to a principal, so azuread would delete what
 * was to get an end, or make what is there.
 *
 * @param now milliseconds since 1970: a role whose end has passed is to go
 */
export function roleMoves({ steps }: Plan, now: number): readonly RoleMove[] {
  const components = steps.filter(({ urn }) => parseUrn(urn).type === componentType);
  return components.flatMap(({ urn, oldState, newState }): readonly RoleMove[] => {
    if (oldState === undefined || newState === undefined) return [];
    const component = parseUrn(urn).name;
    const before = timedOf(oldState);
    const after = timedOf(newState);
    const principalId = textOf(oldState.outputs, "servicePrincipalObjectId");
    return steps.flatMap((step): readonly RoleMove[] => {
      const isLeaving = step.op === "delete";
      const resource = isLeaving ? step.oldState : step.newState;
      if (resource?.parent !== urn || resource.type !== childTypes.directoryRoleAssignment) return [];
      const roleTemplateId = textOf(resource.inputs, "roleId");
      if (roleTemplateId === undefined || textOf(resource.inputs, "principalObjectId") !== principalId)
        return [];
      const move = { component, roleTemplateId, urn: step.urn };
      const timed = (isLeaving ? after : before).find((one) => one.roleTemplateId === roleTemplateId);
      if (timed === undefined || Date.parse(timed.until) <= now) return [];
      if (isLeaving) return [{ ...move, until: timed.until }];
      return step.op === "create" ? [move] : [];
    });
  });
}

function timedOf(resource: StackResource): readonly DeclaredTimedRole[] {
  return timedRolesOf(readRecord(resource));
}
