import { powerShellText } from "../../common/powerShell.ts";
import type { DeclaredRole } from "./declaredRoles.ts";
import { assignmentName, type Owner, scopeName } from "./ownNames.ts";
import { filterFunction, hasFilter } from "./scriptFilter.ts";

/** The recipients of an assignment, in a script block about it. */
export const overText = '"$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)"';

/** Whether an assignment is over an administrative unit, in a script block about it. */
export const isOverUnit = "$_.RecipientWriteScope -eq 'AdministrativeUnit'";

/**
 * What a printed script needs to know before it gives roles: the names of the assignments and scopes that are to be there,
 * `$given` and `$scopes`. A role that the application holds itself, over the same recipients, is in neither: as
 * `heldDirectly`.
 */
export function heldRoleLines(owner: Owner, roles: readonly DeclaredRole[]): readonly string[] {
  return [
    "$direct = @(if (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal }) { Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' -and \"$($_.RoleAssignmentDelegationType)\" -notlike 'Delegating*' -and $_.Enabled -ne $false } })",
    "$given = @()",
    "$scopes = @()",
    ...(roles.some(({ recipientFilter }) => recipientFilter !== undefined) ? [filterFunction] : []),
    ...roles.flatMap((role) => roleLines(owner, role)),
  ];
}

function roleLines(owner: Owner, role: DeclaredRole): readonly string[] {
  const { recipientFilter, administrativeUnit } = role;
  const scope = recipientFilter === undefined ? undefined : powerShellText(scopeName(owner, recipientFilter));
  const isRole = `("$($_.Role)" -replace '\\s') -eq ${powerShellText(role.role.replaceAll(/\s+/g, ""))}`;
  const adds = `$given += ${powerShellText(assignmentName(owner, role))}${scope === undefined ? "" : `; $scopes += ${scope}`}`;
  const isHeld = (isOver: string): string =>
    `if (-not ($direct | Where-Object { ${isRole} -and ${isOver} })) { ${adds} }`;
  if (administrativeUnit !== undefined) {
    // A name of a unit is anybody's choice.
    return [
      isHeld(
        `${isOverUnit} -and (${overText} -as [guid]) -and ${overText} -eq ${powerShellText(administrativeUnit)}`,
      ),
    ];
  }
  if (recipientFilter === undefined) return [isHeld(`-not (${isOverUnit}) -and ${overText} -eq ''`)];
  return [
    `$same = @(Get-ManagementScope | Where-Object { ${hasFilter(recipientFilter)} } | ForEach-Object { $_.Name })`,
    isHeld(`-not (${isOverUnit}) -and ${overText} -in $same`),
  ];
}
