import type { RoleCommand } from "../../graph/exchangeRoles.ts";
import type { DeclaredRole } from "./declaredRoles.ts";
import { ledgerText } from "./ledger.ts";
import { ownName, type Owner, principalName, scopeName } from "./ownNames.ts";

/** A change in Exchange, as people are told of it and as the cmdlet that makes it. */
export interface RoleStep extends RoleCommand {
  readonly title: string;
}

/** Whose access it is. */
export interface Grantee extends Owner {
  readonly appId: string;
}

/** Writes down which role groups are exo-auth's doing. */
export function setLedger(owner: Grantee, groups: readonly string[]): RoleStep {
  const Identity = ownName(owner);
  return {
    title: `record in the role group "${Identity}" which role groups exo-auth added the application to`,
    cmdlet: "Set-RoleGroup",
    parameters: {
      Identity,
      Description: ledgerText(owner, [...new Set(groups)]),
      BypassSecurityGroupManagerCheck: true,
    },
  };
}

/** Removes the component's own role group. */
export function removeGroup(name: string): RoleStep {
  return {
    title: `remove the role group "${name}"`,
    cmdlet: "Remove-RoleGroup",
    parameters: { Identity: name, BypassSecurityGroupManagerCheck: true, Confirm: false },
  };
}

/** Makes the application known to the service. */
export function newPrincipal(owner: Grantee): RoleStep {
  const { appId, servicePrincipalObjectId } = owner;
  return {
    title: `create the service principal of application ${appId}`,
    cmdlet: "New-ServicePrincipal",
    parameters: { AppId: appId, ObjectId: servicePrincipalObjectId, DisplayName: principalName(owner) },
  };
}

/** Forgets the application. */
export function removePrincipal(objectId: string): RoleStep {
  return {
    title: `remove the service principal ${objectId}`,
    cmdlet: "Remove-ServicePrincipal",
    parameters: { Identity: objectId, Confirm: false },
  };
}

/** Puts somebody into a role group. */
export function addMember(group: string, member: string): RoleStep {
  return {
    title: `add the application to the role group "${group}"`,
    cmdlet: "Add-RoleGroupMember",
    parameters: { Identity: group, Member: member, BypassSecurityGroupManagerCheck: true },
  };
}

/** Takes somebody out of a role group. */
export function removeMember(group: string, member: string): RoleStep {
  return {
    title: `remove the application from the role group "${group}"`,
    cmdlet: "Remove-RoleGroupMember",
    parameters: { Identity: group, Member: member, BypassSecurityGroupManagerCheck: true, Confirm: false },
  };
}

/** Gives a role to the component's own role group. */
export function newAssignment(owner: Grantee, name: string, role: DeclaredRole): RoleStep {
  const { recipientFilter, administrativeUnit } = role;
  return {
    title: `give the application the role "${role.role}"${over(role)}`,
    cmdlet: "New-ManagementRoleAssignment",
    parameters: {
      Name: name,
      Role: role.role,
      SecurityGroup: ownName(owner),
      ...(recipientFilter !== undefined && { CustomRecipientWriteScope: scopeName(owner, recipientFilter) }),
      ...(administrativeUnit !== undefined && { RecipientAdministrativeUnitScope: administrativeUnit }),
    },
  };
}

/** The recipients of a role in words, after its name. */
export function over({ recipientFilter, administrativeUnit }: DeclaredRole): string {
  if (administrativeUnit !== undefined) return ` over the administrative unit ${administrativeUnit}`;
  return recipientFilter === undefined ? "" : ` over the recipients with ${recipientFilter}`;
}

/** Takes a role back. */
export function removeAssignment(name: string, why?: string): RoleStep {
  return {
    title: `remove the role assignment "${name}"${why === undefined ? "" : `, ${why}`}`,
    cmdlet: "Remove-ManagementRoleAssignment",
    parameters: { Identity: name, Confirm: false },
  };
}

/** Makes a management scope. */
export function newScope(name: string, filter: string): RoleStep {
  return {
    title: `create the management scope "${name}" for ${filter}`,
    cmdlet: "New-ManagementScope",
    parameters: { Name: name, RecipientRestrictionFilter: filter },
  };
}

/** Gives a management scope another filter. */
export function setScope(name: string, filter: string): RoleStep {
  return {
    title: `set the filter of the management scope "${name}" to ${filter}`,
    cmdlet: "Set-ManagementScope",
    parameters: { Identity: name, RecipientRestrictionFilter: filter },
  };
}

/** Removes a management scope. */
export function removeScope(name: string): RoleStep {
  return {
    title: `remove the management scope "${name}"`,
    cmdlet: "Remove-ManagementScope",
    parameters: { Identity: name, Confirm: false },
  };
}
