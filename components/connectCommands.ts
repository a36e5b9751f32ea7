import { clouds, type Cloud } from "../microsoft/clouds.ts";

/** What a script needs to sign in. */
export interface ConnectionValues {
  /** The application's client ID. */
  readonly appId: string;
  /** The certificate's SHA-1 thumbprint. */
  readonly thumbprint: string;
  /** The tenant's initial domain. */
  readonly tenantDomain: string;
}

/**
 * The PowerShell line that connects to Exchange Online with the certificate in the Windows store.
 *
 * Source of the parameters: Microsoft's page on Connect-ExchangeOnline.
 */
export function connectExchangeOnline(cloud: Cloud, values: ConnectionValues): string {
  const { exchangeEnvironmentName } = clouds[cloud];
  return command("Connect-ExchangeOnline", {
    ...credentials(values),
    ExchangeEnvironmentName: exchangeEnvironmentName,
    ShowBanner: "$false",
  });
}

/**
 * The PowerShell line that connects to Security & Compliance PowerShell with the certificate in the Windows store.
 *
 * Source of the parameters: Microsoft's page on Connect-IPPSSession.
 */
export function connectIppsSession(cloud: Cloud, values: ConnectionValues): string {
  const { ippsConnectionUri, ippsAuthorizationEndpointUri } = clouds[cloud];
  return command("Connect-IPPSSession", {
    ...credentials(values),
    ConnectionUri: ippsConnectionUri,
    AzureADAuthorizationEndpointUri: ippsAuthorizationEndpointUri,
  });
}

function credentials({ appId, thumbprint, tenantDomain }: ConnectionValues): Record<string, string> {
  return { AppId: appId, CertificateThumbprint: thumbprint, Organization: tenantDomain };
}

/** Switches take a colon (`-ShowBanner:$false`), everything else a space. */
function command(name: string, parameters: Record<string, string | undefined>): string {
  const words = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([parameter, value]) => `-${parameter}${value?.startsWith("$") ? ":" : " "}${value}`);
  return [name, ...words].join(" ");
}
