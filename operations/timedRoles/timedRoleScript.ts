import { powerShellComment, powerShellText } from "../../common/powerShell.ts";
import { graphEnvironments } from "../../microsoft/clouds.ts";
import type { TimedRoleSubject } from "./grantTimedRoles.ts";
import { justificationOf } from "./observedTimedRoles.ts";

/**
 * PowerShell for an administrator to paste, with Microsoft Graph's documented cmdlets. It gives the declared roles until
 * their ends, and takes back those that exo-auth gave and nobody declares. It asks before each change, so that it can run
 * again. Empty where no component declares a role with an end.
 *
 * @param remove whether everything is taken away
 */
export function timedRoleScript(subjects: readonly TimedRoleSubject[], remove: boolean): string {
  const parts = subjects
    .filter(({ declared }) => declared.timed.length > 0)
    .map((subject) => rolePart(subject, remove));
  return parts.length === 0 ? "" : `${["$ErrorActionPreference = 'Stop'", ...parts].join("\n\n")}\n`;
}

function rolePart(subject: TimedRoleSubject, remove: boolean): string {
  const { project, stack, component, cloud, tenantId, tenantDomain } = subject;
  const timed = remove ? [] : subject.declared.timed;
  const ends = timed.map(
    ({ roleTemplateId, until }) => `${powerShellText(roleTemplateId)} = ${powerShellText(until)}`,
  );
  const lasting = subject.declared.lasting.map(powerShellText);
  return [
    powerShellComment(`${project}/${stack}, component ${component}: roles of Entra in ${tenantDomain}`),
    `Connect-MgGraph -TenantId ${powerShellText(tenantId)} -Environment ${graphEnvironments[cloud]} -Scopes 'RoleAssignmentSchedule.ReadWrite.Directory' -NoWelcome`,
    `$principal = ${powerShellText(subject.servicePrincipalObjectId)}`,
    `$reason = ${powerShellText(justificationOf(subject))}`,
    `$ends = @{ ${ends.join("; ")} }`,
    "$filter = \"principalId eq '$principal'\"",
    "$there = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleInstance -Filter $filter -All | Where-Object { $_.DirectoryScopeId -eq '/' })",
    "$own = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -Filter $filter -All | Where-Object { $_.Justification -eq $reason }).TargetScheduleId",
    "function Send-Request($action, $role, $schedule) { New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -BodyParameter (@{ action = $action; principalId = $principal; roleDefinitionId = $role; directoryScopeId = '/'; justification = $reason } + $schedule) | Out-Null }",
    "foreach ($role in $ends.Keys) {",
    "  $end = ([datetimeoffset]$ends[$role]).UtcDateTime",
    "  $found = $there | Where-Object { $_.RoleDefinitionId -eq $role }",
    "  if ($end -le [datetime]::UtcNow -or ($found -and $found.EndDateTime -eq $end)) { continue }",
    "  $action = if ($found) { 'adminUpdate' } else { 'adminAssign' }",
    "  Send-Request $action $role @{ scheduleInfo = @{ expiration = @{ type = 'afterDateTime'; endDateTime = $end } } }",
    "}",
    `foreach ($one in $there) { if ($one.RoleAssignmentScheduleId -in $own -and $one.RoleDefinitionId -notin (@($ends.Keys) + @(${lasting.join(", ")}))) { Send-Request 'adminRemove' $one.RoleDefinitionId @{} } }`,
    "Disconnect-MgGraph | Out-Null",
  ].join("\n");
}
