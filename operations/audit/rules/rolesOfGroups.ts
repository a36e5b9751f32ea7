import { Membership, RoleAssignment } from "../../../graph/objects.ts";
import { type Observation, readsAllWith, type RuleRead } from "../rule.ts";
import { heldBy, membershipsPart } from "./parts.ts";

/** A group or a role that the service principal is in, with the roles that it holds. */
export type GroupWithRoles = readonly [Membership, readonly RoleAssignment[]];

/** Reads the roles that the application has from its groups: only to some groups can roles be assigned. */
export function readsRolesOfGroups(look: (found: readonly GroupWithRoles[]) => Observation): RuleRead {
  return readsAllWith(
    membershipsPart,
    { schema: Membership },
    {
      path: ({ id, isAssignableToRole }) =>
        isAssignableToRole === true ? heldBy("roleAssignments", id) : undefined,
      schema: RoleAssignment,
    },
    look,
  );
}
