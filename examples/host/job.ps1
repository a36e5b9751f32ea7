#Requires -Version 5.1
#Requires -Modules ExchangeOnlineManagement

<#
.SYNOPSIS
Connects to Exchange Online with a certificate, does its work, and disconnects whatever happens.

.DESCRIPTION
With -Thumbprint the certificate comes from the store of the account that runs the job (Windows only). With -PfxPath it
comes from a file, whose password stands in the environment variable EXCHANGE_PFX_PASSWORD.
#>
[CmdletBinding(DefaultParameterSetName = 'Store')]
param(
    [Parameter(Mandatory = $true)] [guid] $AppId,
    [Parameter(Mandatory = $true)] [string] $TenantDomain,
    [Parameter(Mandatory = $true, ParameterSetName = 'Store')] [ValidatePattern('^[0-9A-Fa-f]{40}$')] [string] $Thumbprint,
    [Parameter(Mandatory = $true, ParameterSetName = 'File')] [string] $PfxPath
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$connection = @{ AppId = $AppId; Organization = $TenantDomain; ShowBanner = $false }
if ($PSCmdlet.ParameterSetName -eq 'Store') {
    $connection.CertificateThumbprint = $Thumbprint
}
else {
    $connection.CertificateFilePath = (Resolve-Path -LiteralPath $PfxPath).Path
    $connection.CertificatePassword = [System.Net.NetworkCredential]::new('', $env:EXCHANGE_PFX_PASSWORD).SecurePassword
    # Nothing that the job starts needs it.
    Remove-Item -LiteralPath Env:EXCHANGE_PFX_PASSWORD
}

Connect-ExchangeOnline @connection
try {
    # The job's work.
    Get-OrganizationConfig | Select-Object -Property DisplayName, Name
}
finally {
    Disconnect-ExchangeOnline -Confirm:$false
}
