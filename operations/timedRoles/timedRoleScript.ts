import { powerShellComment, powerShellText } from "../../common/powerShell.ts";
import { graphEnvironments } from "../../microsoft/clouds.ts";
import { assignmentExpirationRuleId } from "../../microsoft/rolePolicies.ts";
import type { TimedRoleSubject } from "./grantTimedRoles.ts";
import { justificationOf } from "./observedTimedRoles.ts";

/** What a script is for. */
export interface TimedRoleScriptOptions {
  /** Whether everything is taken away. */
  readonly remove: boolean;
  /** Whether components without a role of Entra have a part, too, which takes away what they had. */
  readonly all: boolean;
}

/**
 * PowerShell for an administrator to paste, with Microsoft Graph's documented cmdlets. It comes to the end that
 * `planTimedRoles` plans: it gives the declared roles until their ends, takes back those that exo-auth gave and that ended or
 * nobody declares, and removes the end of those that moved to `roles`. It asks before each change, so that it can run again.
 */
export function timedRoleScript(
  subjects: readonly TimedRoleSubject[],
  { remove, all }: TimedRoleScriptOptions,
): string {
  const isMeant = ({ declared }: TimedRoleSubject): boolean =>
    all || declared.timed.length + declared.lasting.length > 0;
  const parts = subjects.filter(isMeant).map((subject) => rolePart(subject, remove));
  const left = subjects.filter((subject) => !isMeant(subject)).map(hint);
  const script = parts.length === 0 ? left : ["$ErrorActionPreference = 'Stop'", ...parts, ...left];
  return script.length === 0 ? "" : `${script.join("\n\n")}\n`;
}

/** Who never had such roles needs no sign-in to Microsoft Graph. */
function hint({ component, tenantDomain }: TimedRoleSubject): string {
  return powerShellComment(
    `Component ${component} declares no roles of Entra in ${tenantDomain}. If it had timedRoles before, run what "exo-auth grant --only entra --print" prints, too.`,
  );
}

function rolePart(subject: TimedRoleSubject, remove: boolean): string {
  const { project, stack, component, cloud, tenantId, tenantDomain } = subject;
  const timed = remove ? [] : subject.declared.timed;
  const ends = timed.map(
    ({ roleTemplateId, until }) => `${powerShellText(roleTemplateId)} = ${powerShellText(until)}`,
  );
  return [
    powerShellComment(`${project}/${stack}, component ${component}: roles of Entra in ${tenantDomain}`),
    `Connect-MgGraph -TenantId ${powerShellText(tenantId)} -Environment ${graphEnvironments[cloud]} -Scopes 'RoleAssignmentSchedule.ReadWrite.Directory', 'RoleManagementPolicy.Read.Directory' -NoWelcome`,
    `$principal = ${powerShellText(subject.servicePrincipalObjectId)}`,
    `$reason = ${powerShellText(justificationOf(subject))}`,
    `$ends = @{ ${ends.join("; ")} }`,
    `$lasting = @(${subject.declared.lasting.map(powerShellText).join(", ")})`,
    ...reading,
    ...changing,
    "Disconnect-MgGraph | Out-Null",
  ].join("\n");
}

/** What is there, those that last longest first, and which of it is exo-auth's. */
const reading: readonly string[] = [
  "$filter = \"principalId eq '$principal'\"",
  "$there = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleInstance -Filter $filter -All | Where-Object { $_.DirectoryScopeId -eq '/' -and $_.MemberType -ne 'Group' } | Sort-Object -Descending { if ($_.EndDateTime) { $_.EndDateTime } else { [datetime]::MaxValue } })",
  "$own = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -Filter $filter -All | Where-Object { $_.Justification -ceq $reason -and $_.TargetScheduleId } | ForEach-Object { $_.TargetScheduleId })",
  "function Get-Limit($role) {",
  "  $assigned = Get-MgPolicyRoleManagementPolicyAssignment -Filter \"scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '$role'\" | Select-Object -First 1",
  "  if (-not $assigned) { return }",
  `  $rule = Get-MgPolicyRoleManagementPolicyRule -UnifiedRoleManagementPolicyId $assigned.PolicyId -All | Where-Object { $_.Id -eq '${assignmentExpirationRuleId}' }`,
  "  if ($rule.AdditionalProperties.isExpirationRequired) { [System.Xml.XmlConvert]::ToTimeSpan($rule.AdditionalProperties.maximumDuration) }",
  "}",
];

/** As `planTimedRoles` has it. Entra may round an end by a minute. */
const changing: readonly string[] = [
  "function Send-Request($action, $role, $end) {",
  "  $body = @{ action = $action; principalId = $principal; roleDefinitionId = $role; directoryScopeId = '/'; justification = $reason }",
  "  $expiration = if ($end) { @{ type = 'afterDateTime'; endDateTime = $end } } else { @{ type = 'noExpiration' } }",
  "  if ($action -ne 'adminRemove') { $body['scheduleInfo'] = @{ expiration = $expiration } }",
  "  New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -BodyParameter $body | Out-Null",
  "}",
  "foreach ($role in @($ends.Keys)) {",
  "  $now = [datetime]::UtcNow",
  "  $end = ([datetimeoffset]$ends[$role]).UtcDateTime",
  "  $found = $there | Where-Object { $_.RoleDefinitionId -eq $role } | Select-Object -First 1",
  "  if ($end -le $now) {",
  "    if ($found -and $found.RoleAssignmentScheduleId -in $own) { Send-Request 'adminRemove' $role }",
  "    continue",
  "  }",
  "  $limit = Get-Limit $role",
  "  $reachable = if ($limit -and ($now + $limit) -lt $end) { $now + $limit } else { $end }",
  "  if (-not $found) { Send-Request 'adminAssign' $role $reachable; continue }",
  "  $until = $found.EndDateTime",
  "  $isLate = -not $until -or $until -gt $end.AddMinutes(1)",
  "  if ($isLate -or ($until -lt $reachable.AddMinutes(-1) -and (-not $limit -or ($until - $now).TotalDays * 2 -lt $limit.TotalDays))) { Send-Request 'adminUpdate' $role $reachable }",
  "}",
  "foreach ($one in $there) {",
  "  $role = $one.RoleDefinitionId",
  "  if ($one.RoleAssignmentScheduleId -notin $own -or $ends.ContainsKey($role)) { continue }",
  "  if ($role -notin $lasting) { Send-Request 'adminRemove' $role }",
  "  elseif ($one.EndDateTime) { Send-Request 'adminUpdate' $role }",
  "}",
];
