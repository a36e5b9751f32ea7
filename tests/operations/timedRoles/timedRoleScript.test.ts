import { expect, test } from "vitest";
import { timedRoleScript } from "../../../operations/timedRoles/timedRoleScript.ts";
import type { TimedRoleSubject } from "../../../operations/timedRoles/grantTimedRoles.ts";
import { owner } from "../grant/ownRoles.ts";

const subject: TimedRoleSubject = {
  ...owner,
  cloud: "usGovernmentHigh",
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  tenantDomain: "contoso.onmicrosoft.us",
  declared: {
    timed: [
      { roleTemplateId: "one", until: "2027-01-31T00:00:00Z" },
      { roleTemplateId: "two", until: "2027-06-30T00:00:00Z" },
    ],
    lasting: ["three"],
  },
};
const moved = { ...subject, component: "moved", declared: { timed: [], lasting: ["three"] } };
const idle = { ...subject, component: "idle", declared: { timed: [], lasting: [] } };
const usual = { remove: false, all: false };
const hint =
  '# Component idle declares no roles of Entra in contoso.onmicrosoft.us. If it had timedRoles before, run what "exo-auth grant --only entra --print" prints, too.';

test("it comes to the end that the command plans", () => {
  expect(timedRoleScript([subject], usual)).toBe(`$ErrorActionPreference = 'Stop'

# exchange-auth/contoso, component exchange: roles of Entra in contoso.onmicrosoft.us
Connect-MgGraph -TenantId 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47' -Environment USGov -Scopes 'RoleAssignmentSchedule.ReadWrite.Directory', 'RoleManagementPolicy.Read.Directory' -NoWelcome
$principal = '6233fba6-0198-4277-892f-9275bf728bcc'
$reason = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
$ends = @{ 'one' = '2027-01-31T00:00:00Z'; 'two' = '2027-06-30T00:00:00Z' }
$lasting = @('three')
$filter = "principalId eq '$principal'"
$there = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleInstance -Filter $filter -All | Where-Object { $_.DirectoryScopeId -eq '/' -and $_.MemberType -ne 'Group' } | Sort-Object -Descending { if ($_.EndDateTime) { $_.EndDateTime } else { [datetime]::MaxValue } })
$own = @(Get-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -Filter $filter -All | Where-Object { $_.Justification -ceq $reason -and $_.TargetScheduleId } | ForEach-Object { $_.TargetScheduleId })
function Get-Limit($role) {
  $assigned = Get-MgPolicyRoleManagementPolicyAssignment -Filter "scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '$role'" | Select-Object -First 1
  if (-not $assigned) { return }
  $rule = Get-MgPolicyRoleManagementPolicyRule -UnifiedRoleManagementPolicyId $assigned.PolicyId -All | Where-Object { $_.Id -eq 'Expiration_Admin_Assignment' }
  if ($rule.AdditionalProperties.isExpirationRequired) { [System.Xml.XmlConvert]::ToTimeSpan($rule.AdditionalProperties.maximumDuration) }
}
function Send-Request($action, $role, $end) {
  $body = @{ action = $action; principalId = $principal; roleDefinitionId = $role; directoryScopeId = '/'; justification = $reason }
  $expiration = if ($end) { @{ type = 'afterDateTime'; endDateTime = $end } } else { @{ type = 'noExpiration' } }
  if ($action -ne 'adminRemove') { $body['scheduleInfo'] = @{ expiration = $expiration } }
  New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -BodyParameter $body | Out-Null
}
foreach ($role in @($ends.Keys)) {
  $now = [datetime]::UtcNow
  $end = ([datetimeoffset]$ends[$role]).UtcDateTime
  $found = $there | Where-Object { $_.RoleDefinitionId -eq $role } | Select-Object -First 1
  if ($end -le $now) {
    if ($found -and $found.RoleAssignmentScheduleId -in $own) { Send-Request 'adminRemove' $role }
    continue
  }
  $limit = Get-Limit $role
  $reachable = if ($limit -and ($now + $limit) -lt $end) { $now + $limit } else { $end }
  if (-not $found) { Send-Request 'adminAssign' $role $reachable; continue }
  $until = $found.EndDateTime
  $isLate = -not $until -or $until -gt $end.AddMinutes(1)
  if ($isLate -or ($until -lt $reachable.AddMinutes(-1) -and (-not $limit -or ($until - $now).TotalDays * 2 -lt $limit.TotalDays))) { Send-Request 'adminUpdate' $role $reachable }
}
foreach ($one in $there) {
  $role = $one.RoleDefinitionId
  if ($one.RoleAssignmentScheduleId -notin $own -or $ends.ContainsKey($role)) { continue }
  if ($role -notin $lasting) { Send-Request 'adminRemove' $role }
  elseif ($one.EndDateTime) { Send-Request 'adminUpdate' $role }
}
Disconnect-MgGraph | Out-Null
`);
});

test("with remove, it gives nothing, and takes everything back", () => {
  const [given, removed] = [false, true].map((remove) =>
    timedRoleScript([subject], { ...usual, remove }).split("\n"),
  );
  expect(removed).toEqual(given?.map((line) => (line.startsWith("$ends = ") ? "$ends = @{  }" : line)));
});

test("it removes the end of a role of a component whose roles all moved to `roles`", () => {
  const lines = timedRoleScript([moved], usual).split("\n");
  expect(lines).toContain("$ends = @{  }");
  expect(lines).toContain("$lasting = @('three')");
});

test("of a component without roles of Entra, it only says how to take away what it had", () => {
  expect(timedRoleScript([idle], usual)).toBe(`${hint}\n`);
  expect(timedRoleScript([subject, idle], usual)).toBe(`${timedRoleScript([subject], usual)}\n${hint}\n`);
  expect(timedRoleScript([], usual)).toBe("");
});

test("with all, it takes that away", () => {
  const lines = timedRoleScript([idle], { ...usual, all: true }).split("\n");
  expect(lines).toContain("$ends = @{  }");
  expect(lines).toContain("$lasting = @()");
  expect(lines).not.toContain(hint);
});
