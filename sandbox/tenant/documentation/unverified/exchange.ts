import type { Unverified } from "./entry.ts";

/** As `unverified`, of Exchange. */
export const unverifiedExchange: readonly Unverified[] = [
  {
    id: "adminApi",
    area: "Exchange",
    behaviour: "The admin API of Exchange's PowerShell module (`InvokeCommand`)",
    note: "Microsoft does not document it. Projects that use it report this behavior: 401 without content if the permission is missing, 403 with the permission alone, and 200 with the permission and a role.",
  },
  {
    id: "cmdletRights",
    area: "Exchange",
    behaviour: "Which directory role, and which management role, can run which cmdlet",
    note: "Inferred from Microsoft's description of the roles and role groups, and from the roles that Microsoft365DSC asks for.",
  },
  {
    id: "foreignCmdlet",
    area: "Exchange",
    behaviour: "403 `Forbidden` with “User is not allowed to call” for another cmdlet",
    note: "Users report the text, with 401 and with 403.",
  },
  {
    id: "roleGroupAlone",
    area: "Exchange",
    behaviour:
      "An application without a directory role connects if it is in a role group of the service. Its rights hold for tokens that were issued before",
    note: "Microsoft documents role groups as a way of their own, and not that tokens need no new role.",
  },
  {
    id: "roleManagementCmdlets",
    area: "Exchange",
    behaviour:
      "An application with “Role Management” can run `New-ServicePrincipal`, `New-RoleGroup`, `Add-RoleGroupMember`, `New-ManagementRoleAssignment` and `New-ManagementScope`, in Exchange Online and Security & Compliance",
    note: "CIPP runs `New-ServicePrincipal` as an application in both. For the others, Microsoft's page shows the cmdlets and not who runs them.",
  },
  {
    id: "printedScripts",
    area: "Exchange",
    behaviour: "What `exo-auth grant --print` prints does in PowerShell what the command does in the sandbox",
    note: "The tests check each script against a grammar of PowerShell, and have no PowerShell that could run it.",
  },
  {
    id: "roleTypeQuery",
    area: "Exchange",
    behaviour:
      "`Get-ManagementRole -RoleType RoleManagement` lists “Role Management” and every role that was derived from it, in Exchange Online and Security & Compliance",
    note: "Microsoft's page documents the parameter, and does not say that derived roles keep the type. It lists the cmdlet for both services, and not what the parameter finds in Security & Compliance.",
  },
  {
    id: "managedBy",
    area: "Exchange",
    behaviour: "`New-RoleGroup` as an application needs `-ManagedBy`",
    note: 'Users report the error for unattended sessions and for guests, and that `-ManagedBy "Organization Management"` helps guests (OfficeDocs-Exchange #2481).',
  },
  {
    id: "assignmentToApplication",
    area: "Exchange",
    behaviour: "`New-ManagementRoleAssignment -App` gives any management role",
    note: "Microsoft's page allows only application roles with `-App`. Two projects report that roles such as View-Only Recipients work.",
  },
  {
    id: "roleGroupMemberForm",
    area: "Exchange",
    behaviour:
      "`Get-RoleGroupMember` shows a service principal with its object ID as `Name` and `ExternalDirectoryObjectId`. `Get-ManagementRoleAssignment -RoleAssignee` shows only direct assignments. `Get-ManagementRoleAssignment` shows a service principal's object ID as `RoleAssignee` or `RoleAssigneeName`, and who may give a role by `RoleAssignmentDelegationType`",
    note: "Microsoft documents none of these for service principals. One example of its page on application roles shows the object ID as `RoleAssigneeName`.",
  },
  {
    id: "administrativeUnitScope",
    area: "Exchange",
    behaviour:
      "An assignment over an administrative unit has `RecipientWriteScope` “AdministrativeUnit”, and the unit's object ID as `CustomRecipientWriteScope`",
    note: "Microsoft365DSC reads it so. Whether it is the object ID of Entra is not documented.",
  },
  {
    id: "scopeRefusals",
    area: "Exchange",
    behaviour:
      "The text and the status 400 for a recipient outside the write scope, and for a scope that is in use",
    note: "Users report the first text without a status. The second is inferred.",
  },
  {
    id: "exchangeRolesInGraph",
    area: "Exchange",
    behaviour:
      "Graph's `/beta/roleManagement/exchange` lists direct assignments and those of role groups (`/RoleGroups/NAME`), and neither delegating assignments nor members of role groups. An assignment to a service principal makes it known to Exchange. The ID of an assignment is its GUID, which `Remove-ManagementRoleAssignment -Identity` takes",
    note: "Microsoft documents the form of roles, assignments and scopes. CIPP sends role groups in this form, and another scanner reads them. Nothing says what is left out.",
  },
  {
    id: "exchangeRolesPermission",
    area: "Exchange",
    behaviour:
      "Graph's `/beta/roleManagement/exchange` lists `roleDefinitions` and `customAppScopes` for an application with `RoleManagement.Read.Exchange`",
    note: "Microsoft's page on `customAppScopes` lists application permissions. An older version of its page on `roleDefinitions` says “Not supported” for applications at Exchange Online.",
  },
  {
    id: "unlicensedTenant",
    area: "Exchange",
    behaviour: "A tenant without a license answers 404",
    note: "Users report the text for other parts of Exchange.",
  },
  {
    id: "cmdletOutput",
    area: "Exchange",
    behaviour: "The output of a cmdlet has few properties",
    note: "The sandbox has only the properties that identify an object.",
  },
];
