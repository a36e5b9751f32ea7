#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.1.0' }

<#
.SYNOPSIS
Connects to Exchange Online with the access token in EXCHANGE_TOKEN, does its work, and disconnects whatever happens.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [string] $TenantDomain
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$connection = @{ AccessToken = $env:EXCHANGE_TOKEN; Organization = $TenantDomain; ShowBanner = $false }
# Nothing that the job starts needs it.
Remove-Item -LiteralPath Env:EXCHANGE_TOKEN

Connect-ExchangeOnline @connection
try {
    # The job's work. The token ends after about an hour, and nothing renews it.
    Get-OrganizationConfig | Select-Object -Property DisplayName, Name
}
finally {
    Disconnect-ExchangeOnline -Confirm:$false
}
