import type { DeclaredPermission } from "../microsoft/permissions.ts";
import { isManageAsApp, manageAsApp, manageAsAppRoleIds } from "../microsoft/permissions.ts";
import { didYouMean } from "./problems.ts";

/** An app role that a resource's service principal offers, as azuread gives it. */
export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly allowedMemberTypes: readonly string[];
}

/**
 * Finds the app role of a permission among those that the tenant's own resource offers to applications.
 *
 * @returns the app role's id, or what is wrong as the end of a sentence.
 */
export function findAppRole(
  declared: DeclaredPermission,
  appRoles: readonly AppRole[],
): { appRoleId: string } | { problem: string } {
  const isExchange = isManageAsApp(declared);
  const offered = appRoles.filter((role) => role.enabled && role.allowedMemberTypes.includes("Application"));
  const wanted = (isExchange ? manageAsApp : declared.permission).toLowerCase();
  const found = offered.find((role) => role.value.toLowerCase() === wanted || role.id === wanted);
  // Some of Microsoft's permissions have other ids in other clouds (github.com/o365soa/soa/pull/119), so the tenant's own goes first.
  if (found !== undefined) return { appRoleId: found.id };
  // A resource that lists no app roles at all still takes the id that Microsoft's page names.
  const wellKnown = isExchange ? manageAsAppRoleIds[declared.resourceAppId] : undefined;
  if (wellKnown !== undefined) return { appRoleId: wellKnown };
  const values = offered.map((role) => role.value).filter((value) => value !== "");
  const hint =
    values.length === 0
      ? "It offers no application permission."
      : didYouMean(declared.permission, values.toSorted());
  return {
    problem: `is not an application permission of that resource in this tenant. ${hint}`,
  };
}
