import { isGuid } from "../../common/guid.ts";
import type { ManagementScope, RoleAssignment } from "../../graph/exchangeRoles.ts";
import { isSameRoleName } from "../../microsoft/exchangeRoleGroups.ts";
import type { DeclaredRole } from "./declaredRoles.ts";
import { isSameFilter } from "./recipientFilter.ts";

/** What a service principal holds itself, without a role group. */
export interface DirectRoles {
  readonly direct: readonly RoleAssignment[];
  readonly scopes: readonly ManagementScope[];
}

/**
 * The assignment with which an application holds a declared role itself, over the same recipients: somebody gave it before
 * the component declared it, so that it need not be given once more.
 */
export function heldDirectly(
  declared: DeclaredRole,
  { direct, scopes }: DirectRoles,
): RoleAssignment | undefined {
  return direct.find(
    (one) =>
      !one.isDelegating &&
      !one.isDisabled &&
      isSameRoleName(one.role, declared.role) &&
      isOver(one, declared, scopes),
  );
}

function isOver(
  { scope, scopeKind }: RoleAssignment,
  { recipientFilter, administrativeUnit }: DeclaredRole,
  scopes: readonly ManagementScope[],
): boolean {
  const isUnit = scopeKind === "AdministrativeUnit";
  // A name of a unit is anybody's choice.
  if (administrativeUnit !== undefined)
    return isUnit && isGuid(scope) && scope.toLowerCase() === administrativeUnit.toLowerCase();
  if (isUnit) return false;
  if (recipientFilter === undefined) return scope === "";
  const filter = scopes.find(({ name }) => name === scope)?.recipientFilter;
  return filter !== undefined && isSameFilter(filter, recipientFilter);
}
