import { expect, test } from "vitest";
import { grantScript, type ScriptSubject } from "../../../operations/grant/grantScript.ts";
import { filterFunction } from "../../../operations/grant/scriptFilter.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";

const granting = { remove: false, allowRoleManagement: false };

const subject: ScriptSubject = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  appId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
  servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
  cloud: "global",
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  tenantDomain: "contoso.onmicrosoft.com",
  declared: {
    exchangeOnline: {
      groups: ["Help Desk", "Karl's group"],
      roles: [
        { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
        { role: "Message Tracking" },
      ],
    },
    securityAndCompliance: nothingDeclared,
  },
};

test("each change has its question before it, and what was declared before is taken away", () => {
  expect(grantScript([subject], granting)).toMatchInlineSnapshot(`
    "$ErrorActionPreference = 'Stop'

    # exchange-auth/contoso, component exchange: Exchange Online of contoso.onmicrosoft.com
    Connect-ExchangeOnline -ShowBanner:$false
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $groups = @(Get-RoleGroup -ResultSize Unlimited)
    function Find-Group($wanted) { $plain = $wanted -replace '\\s'; $found = @($groups | Where-Object { $_.Name -eq $wanted }) + @($groups | Where-Object { $plain -in ($_.Name -replace '\\s'), ($_.DisplayName -replace '\\s') }); if (-not $found) { throw ('There is no such role group in Exchange Online of contoso.onmicrosoft.com: ' + $wanted) }; $found[0].Name }
    $named = [string[]]@('Help Desk', 'Karl''s group' | ForEach-Object { Find-Group $_ } | Select-Object -Unique)
    [array]::Sort($named, [System.StringComparer]::Ordinal)
    $after = "$made Member of: " + ($named -join '; ') + '.'
    $masters = @(Get-ManagementRole -RoleType RoleManagement | ForEach-Object { $_.Name })
    foreach ($role in @('Mail Recipients', 'Message Tracking')) { if ($role -in $masters) { throw ('Component "exchange" declares a role with which a job can give itself every right in Exchange. Declare less, or print the script with --allow-role-management. It is: ' + $role) } }
    foreach ($group in $named) { if (Get-ManagementRoleAssignment -RoleAssignee $group | Where-Object { "$($_.Role)" -in $masters -or "$($_.RoleAssignmentDelegationType)" -like 'Delegating*' }) { throw ('Component "exchange" declares a role group with which a job can give itself every right in Exchange. Declare less, or print the script with --allow-role-management. It is: ' + $group) } }
    $direct = @(if (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal }) { Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' -and "$($_.RoleAssignmentDelegationType)" -notlike 'Delegating*' -and $_.Enabled -ne $false } })
    $given = @()
    $scopes = @()
    function Format-Filter($filter, $pattern) { "$filter" -replace '"([^"'']*)"', '''$1''' -replace $pattern, '$1' }
    $same = @(Get-ManagementScope | Where-Object { (Format-Filter $_.RecipientFilter '(''(?:[^'']|'''')*'')|[\\s(){}]+') -eq 'Department-eq''Sales''' } | ForEach-Object { $_.Name })
    if (-not ($direct | Where-Object { ("$($_.Role)" -replace '\\s') -eq 'MailRecipients' -and -not ($_.RecipientWriteScope -eq 'AdministrativeUnit') -and "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -in $same })) { $given += 'Mail Recipients ab030863c9 7d604fa1'; $scopes += 'exo-auth exchange ab030863c9 fffc6891' }
    if (-not ($direct | Where-Object { ("$($_.Role)" -replace '\\s') -eq 'MessageTracking' -and -not ($_.RecipientWriteScope -eq 'AdministrativeUnit') -and "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -eq '' })) { $given += 'Message Tracking ab030863c9 8c1c89b4' }
    if ($given -and $own -and -not (Test-Member 'exo-auth exchange ab030863c9') -and (Get-ManagementRoleAssignment -RoleAssignee 'exo-auth exchange ab030863c9' | Where-Object { $_.Name -notmatch ' ab030863c9 [0-9a-f]{8}$' })) { throw 'The role group "exo-auth exchange ab030863c9" holds roles that exo-auth did not give. Look at who gave them, and remove them.' }
    if ($own) { Set-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Description ("$made Member of: " + ((@($before) + @($named) | Select-Object -Unique) -join '; ') + '.') }
    if (-not (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal })) { New-ServicePrincipal -AppId '4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11' -ObjectId '6233fba6-0198-4277-892f-9275bf728bcc' -DisplayName 'exo-auth application of exchange ab030863c9' }
    if (-not $own) { New-RoleGroup -Name 'exo-auth exchange ab030863c9' -ManagedBy 'Organization Management' -Description $after }
    Get-ManagementScope | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9 fffc6891' -and -not ((Format-Filter $_.RecipientFilter '(''(?:[^'']|'''')*'')|[\\s(){}]+') -eq 'Department-eq''Sales''') } | ForEach-Object { Set-ManagementScope -Identity $_.Name -RecipientRestrictionFilter 'Department -eq ''Sales''' }
    if ('exo-auth exchange ab030863c9 fffc6891' -in $scopes -and -not (Get-ManagementScope | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9 fffc6891' })) { New-ManagementScope -Name 'exo-auth exchange ab030863c9 fffc6891' -RecipientRestrictionFilter 'Department -eq ''Sales''' }
    Get-ManagementRoleAssignment | Where-Object { $_.Name -eq 'Mail Recipients ab030863c9 7d604fa1' -and ($_.Role -ne 'Mail Recipients' -or $_.RoleAssigneeName -ne 'exo-auth exchange ab030863c9' -or $_.Enabled -eq $false -or "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -ne 'exo-auth exchange ab030863c9 fffc6891' -or $_.RecipientWriteScope -eq 'AdministrativeUnit') } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }
    if ('Mail Recipients ab030863c9 7d604fa1' -in $given -and -not (Get-ManagementRoleAssignment | Where-Object { $_.Name -eq 'Mail Recipients ab030863c9 7d604fa1' })) { New-ManagementRoleAssignment -Name 'Mail Recipients ab030863c9 7d604fa1' -Role 'Mail Recipients' -SecurityGroup 'exo-auth exchange ab030863c9' -CustomRecipientWriteScope 'exo-auth exchange ab030863c9 fffc6891' }
    Get-ManagementRoleAssignment | Where-Object { $_.Name -eq 'Message Tracking ab030863c9 8c1c89b4' -and ($_.Role -ne 'Message Tracking' -or $_.RoleAssigneeName -ne 'exo-auth exchange ab030863c9' -or $_.Enabled -eq $false -or "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -ne '') } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }
    if ('Message Tracking ab030863c9 8c1c89b4' -in $given -and -not (Get-ManagementRoleAssignment | Where-Object { $_.Name -eq 'Message Tracking ab030863c9 8c1c89b4' })) { New-ManagementRoleAssignment -Name 'Message Tracking ab030863c9 8c1c89b4' -Role 'Message Tracking' -SecurityGroup 'exo-auth exchange ab030863c9' }
    if ($given -and -not (Test-Member 'exo-auth exchange ab030863c9')) { Add-RoleGroupMember -Identity 'exo-auth exchange ab030863c9' -Member '6233fba6-0198-4277-892f-9275bf728bcc' -BypassSecurityGroupManagerCheck:$true }
    foreach ($group in $named) { if (-not (Test-Member $group)) { Add-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true } }
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    if (-not $given -and $own -and (Test-Member 'exo-auth exchange ab030863c9')) { Remove-RoleGroupMember -Identity 'exo-auth exchange ab030863c9' -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    Get-ManagementRoleAssignment | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin $given } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }
    Get-ManagementScope | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin $scopes } | ForEach-Object { Remove-ManagementScope -Identity $_.Name -Confirm:$false }
    Set-RoleGroup -Identity 'exo-auth exchange ab030863c9' -Description $after -BypassSecurityGroupManagerCheck:$true
    Disconnect-ExchangeOnline -Confirm:$false

    # exchange-auth/contoso, component exchange: Security & Compliance of contoso.onmicrosoft.com
    # Nothing is declared here. This takes away what was declared before. Leave it out if nothing was.
    Connect-IPPSSession
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $named = @()
    $after = $made
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    if ($own) { Remove-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    $others = @(Get-RoleGroup -ResultSize Unlimited | Where-Object { Test-Member $_.Name }).Count
    $known = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal -and $_.DisplayName -eq 'exo-auth application of exchange ab030863c9' }
    if ($known -and $others -eq 0 -and -not (Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' })) { Remove-ServicePrincipal -Identity $principal -Confirm:$false }
    Disconnect-ExchangeOnline -Confirm:$false
    "
  `);
});

test("in GCC High, Security & Compliance has its own session and no scopes", () => {
  const groups = { groups: ["Security Reader"], roles: [] };
  const inHigh: ScriptSubject = {
    ...subject,
    cloud: "usGovernmentHigh",
    declared: { exchangeOnline: nothingDeclared, securityAndCompliance: groups },
  };
  expect(grantScript([inHigh], granting)).toMatchInlineSnapshot(`
    "$ErrorActionPreference = 'Stop'

    # exchange-auth/contoso, component exchange: Exchange Online of contoso.onmicrosoft.com
    # Nothing is declared here. This takes away what was declared before. Leave it out if nothing was.
    Connect-ExchangeOnline -ExchangeEnvironmentName 'O365USGovGCCHigh' -ShowBanner:$false
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $named = @()
    $after = $made
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    if ($own -and (Test-Member 'exo-auth exchange ab030863c9')) { Remove-RoleGroupMember -Identity 'exo-auth exchange ab030863c9' -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    Get-ManagementRoleAssignment | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin @() } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }
    Get-ManagementScope | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin @() } | ForEach-Object { Remove-ManagementScope -Identity $_.Name -Confirm:$false }
    if ($own) { Remove-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    $others = @(Get-RoleGroup -ResultSize Unlimited | Where-Object { Test-Member $_.Name }).Count
    $known = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal -and $_.DisplayName -eq 'exo-auth application of exchange ab030863c9' }
    if ($known -and $others -eq 0 -and -not (Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' })) { Remove-ServicePrincipal -Identity $principal -Confirm:$false }
    Disconnect-ExchangeOnline -Confirm:$false

    # exchange-auth/contoso, component exchange: Security & Compliance of contoso.onmicrosoft.com
    Connect-IPPSSession -ConnectionUri 'https://ps.compliance.protection.office365.us/powershell-liveid/' -AzureADAuthorizationEndpointUri 'https://login.microsoftonline.us/organizations'
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $groups = @(Get-RoleGroup -ResultSize Unlimited)
    function Find-Group($wanted) { $plain = $wanted -replace '\\s'; $found = @($groups | Where-Object { $_.Name -eq $wanted }) + @($groups | Where-Object { $plain -in ($_.Name -replace '\\s'), ($_.DisplayName -replace '\\s') }); if (-not $found) { throw ('There is no such role group in Security & Compliance of contoso.onmicrosoft.com: ' + $wanted) }; $found[0].Name }
    $named = [string[]]@('Security Reader' | ForEach-Object { Find-Group $_ } | Select-Object -Unique)
    [array]::Sort($named, [System.StringComparer]::Ordinal)
    $after = "$made Member of: " + ($named -join '; ') + '.'
    $masters = @(Get-ManagementRole -RoleType RoleManagement | ForEach-Object { $_.Name })
    foreach ($group in $named) { if (Get-ManagementRoleAssignment -RoleAssignee $group | Where-Object { "$($_.Role)" -in $masters -or "$($_.RoleAssignmentDelegationType)" -like 'Delegating*' }) { throw ('Component "exchange" declares a role group with which a job can give itself every right in Exchange. Declare less, or print the script with --allow-role-management. It is: ' + $group) } }
    if ($own) { Set-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Description ("$made Member of: " + ((@($before) + @($named) | Select-Object -Unique) -join '; ') + '.') }
    if (-not (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal })) { New-ServicePrincipal -AppId '4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11' -ObjectId '6233fba6-0198-4277-892f-9275bf728bcc' -DisplayName 'exo-auth application of exchange ab030863c9' }
    if (-not $own) { New-RoleGroup -Name 'exo-auth exchange ab030863c9' -ManagedBy 'Organization Management' -Description $after }
    foreach ($group in $named) { if (-not (Test-Member $group)) { Add-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true } }
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    Set-RoleGroup -Identity 'exo-auth exchange ab030863c9' -Description $after -BypassSecurityGroupManagerCheck:$true
    Disconnect-ExchangeOnline -Confirm:$false
    "
  `);
});

test("with --remove, everything that was made goes, and the service principal where nothing else holds it", () => {
  expect(grantScript([subject], { ...granting, remove: true })).toMatchInlineSnapshot(`
    "$ErrorActionPreference = 'Stop'

    # exchange-auth/contoso, component exchange: Exchange Online of contoso.onmicrosoft.com
    Connect-ExchangeOnline -ShowBanner:$false
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $named = @()
    $after = $made
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    if ($own -and (Test-Member 'exo-auth exchange ab030863c9')) { Remove-RoleGroupMember -Identity 'exo-auth exchange ab030863c9' -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    Get-ManagementRoleAssignment | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin @() } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }
    Get-ManagementScope | Where-Object { $_.Name -match ' ab030863c9 [0-9a-f]{8}$' -and $_.Name -notin @() } | ForEach-Object { Remove-ManagementScope -Identity $_.Name -Confirm:$false }
    if ($own) { Remove-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    $others = @(Get-RoleGroup -ResultSize Unlimited | Where-Object { Test-Member $_.Name }).Count
    $known = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal -and $_.DisplayName -eq 'exo-auth application of exchange ab030863c9' }
    if ($known -and $others -eq 0 -and -not (Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' })) { Remove-ServicePrincipal -Identity $principal -Confirm:$false }
    Disconnect-ExchangeOnline -Confirm:$false

    # exchange-auth/contoso, component exchange: Security & Compliance of contoso.onmicrosoft.com
    # Nothing is declared here. This takes away what was declared before. Leave it out if nothing was.
    Connect-IPPSSession
    if ((Get-ConnectionInformation | Select-Object -Last 1).TenantID -ne 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47') { throw 'This session is not in tenant contoso.onmicrosoft.com.' }
    $principal = '6233fba6-0198-4277-892f-9275bf728bcc'
    function Test-Member($group) { [bool](Get-RoleGroupMember -Identity $group -ResultSize Unlimited | Where-Object { $principal -in $_.Name, $_.ExternalDirectoryObjectId }) }
    $own = Get-RoleGroup -ResultSize Unlimited | Where-Object { $_.Name -eq 'exo-auth exchange ab030863c9' }
    $made = 'Made by exo-auth for exchange-auth/contoso, component exchange.'
    if ($own -and $own.Description -cne $made -and -not "$($own.Description)".StartsWith("$made Member of: ", 'Ordinal')) { throw 'The role group "exo-auth exchange ab030863c9" was not made by exo-auth. Look at who made it, and remove it.' }
    $before = if ($own -and $own.Description -cne $made) { $own.Description.Substring("$made Member of: ".Length) -replace '\\.$' -split '; ' } else { @() }
    $named = @()
    $after = $made
    foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }
    if ($own) { Remove-RoleGroup -Identity 'exo-auth exchange ab030863c9' -BypassSecurityGroupManagerCheck:$true -Confirm:$false }
    $others = @(Get-RoleGroup -ResultSize Unlimited | Where-Object { Test-Member $_.Name }).Count
    $known = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal -and $_.DisplayName -eq 'exo-auth application of exchange ab030863c9' }
    if ($known -and $others -eq 0 -and -not (Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' })) { Remove-ServicePrincipal -Identity $principal -Confirm:$false }
    Disconnect-ExchangeOnline -Confirm:$false
    "
  `);
});

test("a name cannot end a quote or a comment, and acts in neither", () => {
  const hostile: ScriptSubject = {
    ...subject,
    component: "x\nRemove-Mailbox a\u2019b",
    declared: {
      exchangeOnline: { groups: ["\u2018; Remove-Mailbox x #", "\u202ex\u{1f6e0}\u{e0041}"], roles: [] },
      securityAndCompliance: nothingDeclared,
    },
  };
  const script = grantScript([hostile], granting);
  expect(script.split("\n").filter((line) => line.startsWith("Remove-Mailbox"))).toEqual([]);
  expect(script).toContain("('' + [char]0x2018 + '; Remove-Mailbox x #')");
  expect(script).toContain(
    "('' + [char]0x202e + 'x' + [char]0xd83d + [char]0xdee0 + '' + [char]0xdb40 + [char]0xdc41 + '')",
  );
  expect(script).toContain("component x\\u{a}Remove-Mailbox a\\u{2019}b: Exchange Online of ");
  // Windows PowerShell reads a saved script in the code page of the machine.
  expect(script).toMatch(/^[\n -~]+$/);
});

test("a scope, an assignment or a role group of the same name is not taken for the command's own", () => {
  const [, exchange = ""] = grantScript([subject], granting).split("\n\n");
  const lines = exchange.split("\n");
  const own = "exo-auth exchange ab030863c9";
  const indexOf = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  expect(lines.filter((line) => line.includes("{ throw "))).toHaveLength(6);
  expect(indexOf("Get-ManagementScope | Where-Object { $_.Name -eq")).toBeLessThan(
    indexOf("if ('exo-auth exchange ab030863c9 fffc6891' -in $scopes -and -not (Get-ManagementScope "),
  );
  expect(lines).toContain(
    `Get-ManagementRoleAssignment | Where-Object { $_.Name -eq 'Message Tracking ab030863c9 8c1c89b4' -and ($_.Role -ne 'Message Tracking' -or $_.RoleAssigneeName -ne '${own}' -or $_.Enabled -eq $false -or "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -ne '') } | ForEach-Object { Remove-ManagementRoleAssignment -Identity $_.Name -Confirm:$false }`,
  );
});

test("a declared role group stands in the description, and stays, by its own name", () => {
  const lines = grantScript([subject], granting).split("\n\n")[1]?.split("\n") ?? [];
  const indexOf = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  // Every change comes after the names are known, and none of them uses a name as it is declared.
  expect(lines.flatMap((line, index) => (line.includes("'Help Desk'") ? [index] : []))).toEqual([
    indexOf("$named = "),
  ]);
  expect(indexOf("$named = ")).toBeGreaterThan(0);
  expect(indexOf("$named = ")).toBeLessThan(indexOf("if ($own) { Set-RoleGroup "));
  expect(lines).toContain(
    "foreach ($group in $before) { if ($group -notin $named -and (Test-Member $group)) { Remove-RoleGroupMember -Identity $group -Member $principal -BypassSecurityGroupManagerCheck:$true -Confirm:$false } }",
  );
});

test("a component's name that looks like the end of a description stays in it", () => {
  const script = grantScript([{ ...subject, component: "x.y" }], granting);
  expect(script).toContain("\n$made = 'Made by exo-auth for exchange-auth/contoso, component x.y.'\n");
  expect(script).toContain("\n$after = \"$made Member of: \" + ($named -join '; ') + '.'\n");
});

test("roles without role groups: the description is widened only by what was declared before", () => {
  const declared = { groups: [], roles: [{ role: "Message Tracking" }] };
  const withoutGroups = { ...subject, declared: { ...subject.declared, exchangeOnline: declared } };
  expect(grantScript([withoutGroups], granting)).toContain("\nif ($own -and $before) { Set-RoleGroup");
  expect(grantScript([subject], granting)).toContain("\nif ($own) { Set-RoleGroup");
});

test("what lets a job give itself every right is looked for where something is declared, and only there", () => {
  const { groups, roles } = subject.declared.exchangeOnline;
  const asked = (declared: Partial<typeof subject.declared.exchangeOnline>) => {
    const exchangeOnline = { ...nothingDeclared, ...declared };
    const script = grantScript([{ ...subject, declared: { ...subject.declared, exchangeOnline } }], granting);
    return script.match(/^foreach \(\$(?:role in|group in \$named\) \{ if \(Get-Man)/gm);
  };
  const [role, group] = ["foreach ($role in", "foreach ($group in $named) { if (Get-Man"];
  expect(asked({ groups, roles })).toEqual([role, group]);
  expect(asked({ roles })).toEqual([role]);
  expect(asked({ groups })).toEqual([group]);
  expect(asked({})).toBeNull();
});

test.each<[ScriptSubject["cloud"], string, string]>([
  ["global", "Connect-ExchangeOnline -ShowBanner:$false", "Connect-IPPSSession"],
  [
    "china",
    "Connect-ExchangeOnline -ExchangeEnvironmentName 'O365China' -ShowBanner:$false",
    "Connect-IPPSSession -ConnectionUri 'https://ps.compliance.protection.partner.outlook.cn/powershell-liveid' -AzureADAuthorizationEndpointUri 'https://login.chinacloudapi.cn/organizations'",
  ],
])("the sessions in the cloud %s", (cloud, exchangeOnline, securityAndCompliance) => {
  const groups = { groups: ["Security Reader"], roles: [] };
  const both = { ...subject, cloud, declared: { exchangeOnline: groups, securityAndCompliance: groups } };
  const lines = grantScript([both], granting).split("\n");
  expect(lines.filter((line) => line.startsWith("Connect-"))).toEqual([
    exchangeOnline,
    securityAndCompliance,
  ]);
});

test("a role over an administrative unit is given again only where it is over none, or another by its ID", () => {
  const roles = [{ role: "Journaling", administrativeUnit: "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0" }];
  const exchangeOnline = { groups: [], roles };
  const script = grantScript(
    [{ ...subject, declared: { exchangeOnline, securityAndCompliance: nothingDeclared } }],
    granting,
  );
  expect(script).toContain(
    ` -or -not ($_.RecipientWriteScope -eq 'AdministrativeUnit') -or (("$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -as [guid]) -and "$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)" -ne '0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0')) } | ForEach-Object { Remove-ManagementRoleAssignment `,
  );
  expect(script).not.toContain("-CustomRecipientWriteScope");
});

test("a role that the application holds itself is looked for first, and not given once more", () => {
  const unit = "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0";
  const roles = [
    { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
    { role: "Journaling", administrativeUnit: unit },
    { role: "Message Tracking" },
  ];
  const declared = { exchangeOnline: { groups: [], roles }, securityAndCompliance: nothingDeclared };
  const lines =
    grantScript([{ ...subject, declared }], granting)
      .split("\n\n")[1]
      ?.split("\n") ?? [];
  const over = '"$($_.CustomRecipientWriteScope)$($_.CustomResourceScope)"';
  const isUnit = "$_.RecipientWriteScope -eq 'AdministrativeUnit'";
  const begin = lines.indexOf("$given = @()");
  expect(lines.slice(begin - 1, begin + 7).filter((line) => line !== filterFunction)).toEqual([
    "$direct = @(if (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $principal }) { Get-ManagementRoleAssignment -RoleAssignee $principal | Where-Object { $_.RoleAssigneeType -ne 'RoleGroup' -and \"$($_.RoleAssignmentDelegationType)\" -notlike 'Delegating*' -and $_.Enabled -ne $false } })",
    "$given = @()",
    "$scopes = @()",
    "$same = @(Get-ManagementScope | Where-Object { (Format-Filter $_.RecipientFilter '(''(?:[^'']|'''')*'')|[\\s(){}]+') -eq 'Department-eq''Sales''' } | ForEach-Object { $_.Name })",
    `if (-not ($direct | Where-Object { ("$($_.Role)" -replace '\\s') -eq 'MailRecipients' -and -not (${isUnit}) -and ${over} -in $same })) { $given += 'Mail Recipients ab030863c9 7d604fa1'; $scopes += 'exo-auth exchange ab030863c9 fffc6891' }`,
    `if (-not ($direct | Where-Object { ("$($_.Role)" -replace '\\s') -eq 'Journaling' -and ${isUnit} -and (${over} -as [guid]) -and ${over} -eq '${unit}' })) { $given += 'Journaling ab030863c9 2b603ae0' }`,
    `if (-not ($direct | Where-Object { ("$($_.Role)" -replace '\\s') -eq 'MessageTracking' -and -not (${isUnit}) -and ${over} -eq '' })) { $given += 'Message Tracking ab030863c9 8c1c89b4' }`,
  ]);
  // What is not to be given is not made, and what was made before the application held it goes.
  expect(lines.filter((line) => /New-ManagementRoleAssignment /.test(line))).toEqual(
    lines.filter((line) => /^if \('[^']+' -in \$given -and -not \(Get-ManagementRoleAssignment /.test(line)),
  );
  expect(lines.filter((line) => /New-ManagementScope /.test(line))).toEqual([
    expect.stringMatching(/^if \('[^']+' -in \$scopes -and -not \(Get-ManagementScope /),
  ]);
  expect(lines.filter((line) => /-notin \$(given|scopes) /.test(line))).toHaveLength(2);
  expect(
    lines.filter((line) => /^if \(\$given -and -not \(Test-Member .* Add-RoleGroupMember /.test(line)),
  ).toHaveLength(1);
  expect(
    lines.filter((line) => /^if \(-not \$given -and \$own .* Remove-RoleGroupMember /.test(line)),
  ).toHaveLength(1);
});
