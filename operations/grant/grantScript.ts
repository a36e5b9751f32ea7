import { powerShellCommand, powerShellComment, powerShellText } from "../../common/powerShell.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";
import {
  type DeclaredRoles,
  isDeclared,
  nothingDeclared,
  type RoleService,
  roleServices,
  serviceNames,
} from "./declaredRoles.ts";
import { ledgerText } from "./ledger.ts";
import { ownEnding, ownName, principalName } from "./ownNames.ts";
import { planRoles } from "./planRoles.ts";
import { heldRoleLines, isOverUnit, overText } from "./scriptHeldRoles.ts";
import { hasFilter } from "./scriptFilter.ts";
import type { Grantee, RoleStep } from "./roleSteps.ts";

/** A component whose access is written as a script. */
export interface ScriptSubject extends Grantee {
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly tenantDomain: string;
  readonly declared: Readonly<Record<RoleService, DeclaredRoles>>;
}

/** What a script does. */
export interface ScriptOptions {
  /** Whether everything is taken away. */
  readonly remove: boolean;
  /** Whether a job may get what lets it give itself every other right. */
  readonly allowRoleManagement: boolean;
}

/**
 * PowerShell for an administrator to paste. It makes true what is declared, and takes away what was declared before. It asks
 * Exchange before each change, so that it can run again.
 *
 */
export function grantScript(
  subjects: readonly ScriptSubject[],
  { remove, allowRoleManagement }: ScriptOptions,
): string {
  const parts = subjects.flatMap((subject) =>
    roleServices.map((service) =>
      servicePart(
        subject,
        service,
        remove ? nothingDeclared : subject.declared[service],
        allowRoleManagement,
      ),
    ),
  );
  return `${["$ErrorActionPreference = 'Stop'", ...parts].join("\n\n")}\n`;
}

function servicePart(
  subject: ScriptSubject,
  service: RoleService,
  declared: DeclaredRoles,
  allowRoleManagement: boolean,
): string {
  const { project, stack, component, tenantId, tenantDomain, servicePrincipalObjectId: objectId } = subject;
  const name = powerShellText(ownName(subject));
  return [
    powerShellComment(
      `${project}/${stack}, component ${component}: ${serviceNames[service]} of ${tenantDomain}`,
    ),
    ...(isDeclared(subject.declared[service]) ? [] : [nothingHere]),
    connect(service, subject.cloud),
    `if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne ${powerShellText(tenantId)}) { throw ${powerShellText(`This session is not in tenant ${tenantDomain}.`)} }`,
    `$principal = ${powerShellText(objectId)}`,
    "function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }",
    `$own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq ${name} }`,
    `$made = ${powerShellText(ledgerText(subject, []))}`,
    `if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw ${powerShellText(`The role group "${ownName(subject)}" was not made by exo-auth. Look at who made it, and remove it.`)} }`,
    "$before = if ($own -and $own.Description -cne $made) { $own.Description.Substring(\"$made Member of: \".Length) -replace '\\.$' -split '; ' } else { @() }",
    ...namedGroups(declared, `${serviceNames[service]} of ${tenantDomain}`),
    ...(allowRoleManagement ? [] : masterLines(subject, declared)),
    ...(declared.roles.length > 0 ? [...heldRoleLines(subject, declared.roles), foreignRoles(subject)] : []),
    ...(isDeclared(declared) ? [widenDescription(subject, declared)] : []),
    ...plannedSteps(subject, declared).flatMap((step) => [...changedLines(step), guarded(step)]),
    ...(declared.groups.length > 0 ? [joinGroups] : []),
    ...leavingLines(subject, service, declared),
    ...(isDeclared(declared)
      ? [`Set-RoleGroup -Identity ${name} -Description $after -BypassSecurityGroupManagerCheck:$true`]
      : removalLines(name, powerShellText(principalName(subject)))),
    "Disconnect-ExchangeOnline -Confirm:$false",
  ].join("\n");
}

const nothingHere = powerShellComment(
  "Nothing is declared here. This takes away what was declared before. Leave it out if nothing was.",
);

/** The declared role groups by their own names, and what the description says of them: as `findGroup` and `ledgerText`. */
function namedGroups({ groups }: DeclaredRoles, where: string): readonly string[] {
  if (groups.length === 0) return ["$named = @()", "$after = $made"];
  const missing = `There is no such role group in ${where}: `;
  return [
    "$groups = @(Get-RoleGroup -ResultSize Unlimited)",
    `function Find-Group($wanted) { $plain = $wanted -replace '\\s'; $found = @($groups | Where-Object { $_.Name -eq $wanted }) + @($groups | Where-Object { $plain -in ($_.Name -replace '\\s'), ($_.DisplayName -replace '\\s') }); if (-not $found) { throw (${powerShellText(missing)} + $wanted) }; $found[0].Name }`,
    `$named = [string[]]@(${groups.map(powerShellText).join(", ")} | ForEach-Object { Find-Group $_ } | Select-Object -Unique)`,
    "[array]::Sort($named, [System.StringComparer]::Ordinal)",
    "$after = \"$made Member of: \" + ($named -join '; ') + '.'",
  ];
}

/** Stops before a job can give itself every other right: as `requireNoRoleManagement`. */
function masterLines({ component }: ScriptSubject, declared: DeclaredRoles): readonly string[] {
  if (!isDeclared(declared)) return [];
  const problem = (what: string): string =>
    powerShellText(
      `Component "${component}" declares ${what} with which a job can give itself every right in Exchange. Declare less, or print the script with --allow-role-management. It is: `,
    );
  const roles = declared.roles.map(({ role }) => powerShellText(role)).join(", ");
  return [
    "$masters = @(Get-ManagementRole -RoleType RoleManagement | ForEach-Object { $_.Name })",
    ...(declared.roles.length === 0
      ? []
      : [
          `foreach ($role in @(${roles})) { if ($role -in $masters) { throw (${problem("a role")} + $role) } }`,
        ]),
    ...(declared.groups.length === 0
      ? []
      : [
          `foreach ($group in $named) { if (Get-ManagementRoleAssignment -RoleAssignee $group | Where-Object { "$($_.Role)" -in $masters -or "$($_.RoleAssignmentDelegationType)" -like 'Delegating*' }) { throw (${problem("a role group")} + $group) } }`,
        ]),
  ];
}

const joinGroups =
  "foreach ($group in $named) { if (-not (Test-Member $group)) { Add-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true } }";

/** What a service that knows nothing of the component would need, apart from the role groups that it has already. */
function plannedSteps(subject: ScriptSubject, declared: DeclaredRoles): readonly RoleStep[] {
  const groups = declared.groups.map((group) => ({ name: group, displayName: group }));
  const nothing = {
    principal: undefined,
    own: undefined,
    memberships: [],
    direct: [],
    scopes: [],
    strays: [],
    earlier: [],
  };
  const { steps } = planRoles(subject, declared, { ...nothing, groups });
  return steps.filter(
    ({ cmdlet, parameters }) =>
      cmdlet !== "Add-RoleGroupMember" || parameters["Identity"] === ownName(subject),
  );
}

/** A step that is made where it is not made yet. */
function guarded({ cmdlet, parameters }: RoleStep): string {
  const { Description, ...rest } = parameters;
  const command = `${powerShellCommand(cmdlet, rest)}${Description === undefined ? "" : " -Description $after"}`;
  const name = textOf(parameters["Name"]);
  const missing = {
    "New-ServicePrincipal": "-not (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal })",
    "New-RoleGroup": "-not $own",
    "New-ManagementScope": `${name} -in $scopes -and -not (Get-ManagementScope | Where-Object { $_.Name -eq ${name} })`,
    "New-ManagementRoleAssignment": `${name} -in $given -and -not (Get-ManagementRoleAssignment | Where-Object { $_.Name -eq ${name} })`,
    "Add-RoleGroupMember": `$given -and -not (Test-Member ${textOf(parameters["Identity"])})`,
  }[cmdlet];
  return missing === undefined ? command : `if (${missing}) { ${command} }`;
}

/** Another's roles would be the application's, once it is in the group. */
function foreignRoles(subject: ScriptSubject): string {
  const name = powerShellText(ownName(subject));
  const problem = `The role group "${ownName(subject)}" holds roles that exo-auth did not give. Look at who gave them, and remove them.`;
  const foreign = `Get-ManagementRoleAssignment -RoleAssignee ${name} | Where-Object { $_.Name -notmatch ${powerShellText(`${ownEnding(subject)}$`)} }`;
  return `if ($given -and $own -and -not (Test-Member ${name}) -and (${foreign})) { throw ${powerShellText(problem)} }`;
}

/** Puts back what has the name of a step's object, and is another one. */
function changedLines({ cmdlet, parameters }: RoleStep): readonly string[] {
  const name = textOf(parameters["Name"]);
  if (cmdlet === "New-ManagementScope") {
    const filter = String(parameters["RecipientRestrictionFilter"]);
    return [
      `Get-ManagementScope | Where-Object { $_.Name -eq ${name} -and -not (${hasFilter(filter)}) } | ForEach-Object { Set-ManagementScope -Identity $_.Name -RecipientRestrictionFilter ${powerShellText(filter)} }`,
    ];
  }
  if (cmdlet !== "New-ManagementRoleAssignment") return [];
  const unit = parameters["RecipientAdministrativeUnitScope"];
  const wanted = textOf(parameters["CustomRecipientWriteScope"]);
  // As `isAs`: a unit may be shown by its name.
  const scope =
    unit === undefined
      ? `${overText} -ne ${wanted}${wanted === "''" ? "" : ` -or ${isOverUnit}`}`
      : `-not (${isOverUnit}) -or ((${overText} -as [guid]) -and ${overText} -ne ${textOf(unit)})`;
  const other = `$_.Role -ne ${textOf(parameters["Role"])} -or $_.RoleAssigneeName -ne ${textOf(parameters["SecurityGroup"])} -or $_.Enabled -eq $false -or ${scope}`;
  return [
    `Get-ManagementRoleAssignment | Where-Object { $_.Name -eq ${name} -and (${other}) } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }`,
  ];
}

/** Takes away what was declared before. */
function leavingLines(
  subject: ScriptSubject,
  service: RoleService,
  declared: DeclaredRoles,
): readonly string[] {
  const name = ownName(subject);
  const takesRoles = declared.roles.length > 0;
  const member = "-Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false";
  const own = `$_.Name -match ${powerShellText(`${ownEnding(subject)}$`)}`;
  const leave = (read: string, cmdlet: string, kept: string): string =>
    `${read} | Where-Object { ${own} -and $_.Name -notin ${kept} } | ForEach-Object { ${cmdlet} -Identity $_.Name -Confirm:$false }`;
  return [
    `foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group ${member} } }`,
    ...(service === "securityAndCompliance"
      ? []
      : [
          `if (${takesRoles ? "-not $given -and " : ""}$own -and (Test-Member ${powerShellText(name)})) { Remove-RoleGroupMember -Identity ${powerShellText(name)} ${member} }`,
          leave(
            "Get-ManagementRoleAssignment",
            "Remove-ManagementRoleAssignment",
            takesRoles ? "$given" : "@()",
          ),
          leave("Get-ManagementScope", "Remove-ManagementScope", takesRoles ? "$scopes" : "@()"),
        ]),
  ];
}

/** What was given before and what is about to be, before it is given: a killed run must know it. */
function widenDescription(subject: ScriptSubject, { groups }: DeclaredRoles): string {
  const list = "((@($before) + @($named) | Select-Object -Unique) -join '; ')";
  const set = `Set-RoleGroup -Identity ${powerShellText(ownName(subject))} -BypassSecurityGroupManagerCheck:$true`;
  const isNeeded = groups.length > 0 ? "$own" : "$own -and $before";
  return `if (${isNeeded}) { ${set} -Description ("$made Member of: " + ${list} + '.') }`;
}

/** The component's own role group goes last, and its service principal where nothing else holds it. */
function removalLines(name: string, principal: string): readonly string[] {
  return [
    `if ($own) { Remove-RoleGroup -Identity ${name} -BypassSecurityGroupManagerCheck:$true -Confirm:$false }`,
    "$others = @(Get-RoleGroup -ResultSize Unlimited | Where-Object { Test-Member $_.Name }).Count",
    `$known = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal -and $_.DisplayName -eq ${principal} }`,
    "if ($known -and $others -eq 0 -and -not (Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' })) { Remove-ServicePrincipal -Identity $principal -Confirm:$false }",
  ];
}

function connect(service: RoleService, cloud: Cloud): string {
  const { exchangeEnvironmentName, ippsConnectionUri, ippsAuthorizationEndpointUri } = clouds[cloud];
  if (service === "exchangeOnline") {
    return powerShellCommand("Connect-ExchangeOnline", {
      ...(exchangeEnvironmentName !== undefined && { ExchangeEnvironmentName: exchangeEnvironmentName }),
      ShowBanner: false,
    });
  }
  return powerShellCommand("Connect-IPPSSession", {
    ...(ippsConnectionUri !== undefined && { ConnectionUri: ippsConnectionUri }),
    ...(ippsAuthorizationEndpointUri !== undefined && {
      AzureADAuthorizationEndpointUri: ippsAuthorizationEndpointUri,
    }),
  });
}

function textOf(value: string | boolean | undefined): string {
  return powerShellText(typeof value === "string" ? value : "");
}
