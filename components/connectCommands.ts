import { clouds, type Cloud } from "../microsoft/clouds.ts";

/** What a script needs to sign in. */
export interface ConnectionValues {
  /** The application's client ID. */
  readonly appId: string;
  /** The certificate's SHA-1 thumbprint; undefined where a job signs in with its platform's token. */
  readonly thumbprint?: string | undefined;
  /** The tenant's initial domain. */
  readonly tenantDomain: string;
}

/**
 * The PowerShell line that connects to Exchange Online with the certificate in the Windows store, or where there is none
 * with a token that `exo-auth` gets for the job.
 *
 * Source of the parameters: Microsoft's page on Connect-ExchangeOnline.
 */
export function connectExchangeOnline(cloud: Cloud, values: ConnectionValues): string {
  const { exchangeEnvironmentName } = clouds[cloud];
  return command("Connect-ExchangeOnline", {
    ...credentials(values, "exchange"),
    ExchangeEnvironmentName: exchangeEnvironmentName,
    ShowBanner: "$false",
  });
}

/**
 * The PowerShell line that connects to Security & Compliance PowerShell with the certificate in the Windows store, or
 * where there is none with a token that `exo-auth` gets for the job.
 *
 * Source of the parameters: Microsoft's page on Connect-IPPSSession.
 */
export function connectIppsSession(cloud: Cloud, values: ConnectionValues): string {
  const { ippsConnectionUri, ippsAuthorizationEndpointUri } = clouds[cloud];
  return command("Connect-IPPSSession", {
    ...credentials(values, "compliance"),
    ConnectionUri: ippsConnectionUri,
    AzureADAuthorizationEndpointUri: ippsAuthorizationEndpointUri,
  });
}

function credentials(
  { appId, thumbprint, tenantDomain }: ConnectionValues,
  service: "exchange" | "compliance",
): Record<string, string> {
  if (thumbprint !== undefined)
    return { AppId: appId, CertificateThumbprint: thumbprint, Organization: tenantDomain };
  const token = [
    "exo-auth token --from-environment",
    ...(service === "compliance" ? ["--service compliance"] : []),
  ];
  return { AccessToken: `(${token.join(" ")})`, Organization: tenantDomain };
}

/** Switches take a colon (`-ShowBanner:$false`), everything else a space. */
function command(name: string, parameters: Record<string, string | undefined>): string {
  const words = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([parameter, value]) => `-${parameter}${value?.startsWith("$") ? ":" : " "}${value}`);
  return [name, ...words].join(" ");
}
