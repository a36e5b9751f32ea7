/**
 * The Microsoft clouds that Exchange Online runs in.
 *
 * GCC of the US government (without "High") is part of `global`.
 */
export const Cloud = {
  /** Worldwide, including GCC. */
  Global: "global",
  /** Microsoft 365 GCC High. */
  UsGovernmentHigh: "usGovernmentHigh",
  /** Microsoft 365 DoD. */
  UsGovernmentDod: "usGovernmentDod",
  /** Microsoft 365 operated by 21Vianet. */
  China: "china",
} as const;

/** One of the values of `Cloud`. */
export type Cloud = (typeof Cloud)[keyof typeof Cloud];

/** The clouds as `Connect-MgGraph -Environment` names them. Source: Microsoft's page about that cmdlet. */
export const graphEnvironments: Readonly<Record<Cloud, string>> = {
  global: "Global",
  usGovernmentHigh: "USGov",
  usGovernmentDod: "USGovDoD",
  china: "China",
};

/** What differs from one cloud to the next. All addresses are without a trailing slash, unless PowerShell wants one. */
export interface CloudSettings {
  /** The cloud's name in Microsoft's documentation. */
  readonly title: string;
  /** What the initial domain of each tenant in this cloud ends in. */
  readonly initialDomainSuffix: string;
  /** The values of the azuread provider's `environment` that reach this cloud. */
  readonly azureadEnvironments: readonly string[];
  /** Where tokens come from. */
  readonly authorityHost: string;
  /** The audience of a federated token that Entra takes for an application's assertion. */
  readonly federatedTokenAudience: string;
  /** Microsoft Graph. */
  readonly graph: string;
  /** Exchange Online's admin API, and the audience of its tokens. */
  readonly exchangeOnline: string;
  readonly exchangeOnlineAudience: string;
  /** Security & Compliance's admin API, and the audience of its tokens. */
  readonly securityAndCompliance: string;
  readonly securityAndComplianceAudience: string;
  /** The audience of tokens for Azure Key Vault. The names of vaults end in its host. */
  readonly keyVault: string;
  /** `-ExchangeEnvironmentName` of Connect-ExchangeOnline; left out in the global cloud. */
  readonly exchangeEnvironmentName?: string;
  /** `-ConnectionUri` and `-AzureADAuthorizationEndpointUri` of Connect-IPPSSession; left out in the global cloud. */
  readonly ippsConnectionUri?: string;
  readonly ippsAuthorizationEndpointUri?: string;
  /**
   * Whether Exchange.ManageAsApp on Microsoft Exchange Online Protection is granted even where no role opens Security &
   * Compliance: version 0.1.0 granted it so in these clouds, and what worked there goes on.
   */
  readonly needsExchangeOnlineProtection: boolean;
}

/**
 * The settings of every cloud.
 *
 * Sources: Microsoft's pages "App-only authentication in Exchange Online PowerShell and Security & Compliance
 * PowerShell", Connect-ExchangeOnline and Connect-IPPSSession; "Exchange Online Admin API" for the admin API's
 * addresses. For DoD, Microsoft names two connection addresses; the one of the cmdlet's own page stands here. The
 * audiences outside the global cloud are those that Maester uses; Microsoft documents none. The audiences of federated
 * tokens are those of the page "Configure an application to trust a managed identity"; Key Vault's are those of "Azure
 * Key Vault keys, secrets and certificates overview".
 */
export const clouds: Readonly<Record<Cloud, CloudSettings>> = {
  global: {
    title: "Microsoft 365 worldwide",
    initialDomainSuffix: ".onmicrosoft.com",
    azureadEnvironments: ["public", "global"],
    authorityHost: "https://login.microsoftonline.com",
    federatedTokenAudience: "api://AzureADTokenExchange",
    graph: "https://graph.microsoft.com",
    exchangeOnline: "https://outlook.office365.com",
    exchangeOnlineAudience: "https://outlook.office365.com",
    securityAndCompliance: "https://ps.compliance.protection.outlook.com",
    securityAndComplianceAudience: "https://ps.compliance.protection.outlook.com",
    keyVault: "https://vault.azure.net",
    needsExchangeOnlineProtection: false,
  },
  usGovernmentHigh: {
    title: "Microsoft 365 GCC High",
    initialDomainSuffix: ".onmicrosoft.us",
    azureadEnvironments: ["usgovernment", "usgovernmentl4"],
    authorityHost: "https://login.microsoftonline.us",
    federatedTokenAudience: "api://AzureADTokenExchangeUSGov",
    graph: "https://graph.microsoft.us",
    exchangeOnline: "https://outlook.office365.us",
    exchangeOnlineAudience: "https://outlook.office365.us",
    securityAndCompliance: "https://ps.compliance.protection.office365.us",
    securityAndComplianceAudience: "https://ps.compliance.protection.office365.us",
    keyVault: "https://vault.usgovcloudapi.net",
    exchangeEnvironmentName: "O365USGovGCCHigh",
    ippsConnectionUri: "https://ps.compliance.protection.office365.us/powershell-liveid/",
    ippsAuthorizationEndpointUri: "https://login.microsoftonline.us/organizations",
    needsExchangeOnlineProtection: true,
  },
  usGovernmentDod: {
    title: "Microsoft 365 DoD",
    initialDomainSuffix: ".onmicrosoft.us",
    azureadEnvironments: ["usgovernmentl5", "dod"],
    authorityHost: "https://login.microsoftonline.us",
    federatedTokenAudience: "api://AzureADTokenExchangeUSGov",
    graph: "https://dod-graph.microsoft.us",
    exchangeOnline: "https://outlook-dod.office365.us",
    exchangeOnlineAudience: "https://outlook.office365.us",
    securityAndCompliance: "https://l5.ps.compliance.protection.office365.us",
    securityAndComplianceAudience: "https://ps.compliance.protection.office365.us",
    keyVault: "https://vault.usgovcloudapi.net",
    exchangeEnvironmentName: "O365USGovDoD",
    ippsConnectionUri: "https://l5.ps.compliance.protection.office365.us/powershell-liveid/",
    ippsAuthorizationEndpointUri: "https://login.microsoftonline.us/organizations",
    needsExchangeOnlineProtection: true,
  },
  china: {
    title: "Microsoft 365 operated by 21Vianet",
    initialDomainSuffix: ".partner.onmschina.cn",
    azureadEnvironments: ["china"],
    authorityHost: "https://login.chinacloudapi.cn",
    federatedTokenAudience: "api://AzureADTokenExchangeChina",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    exchangeOnline: "https://partner.outlook.cn",
    exchangeOnlineAudience: "https://partner.outlook.cn",
    securityAndCompliance: "https://ps.compliance.protection.partner.outlook.cn",
    securityAndComplianceAudience: "https://ps.compliance.protection.partner.outlook.cn",
    keyVault: "https://vault.azure.cn",
    exchangeEnvironmentName: "O365China",
    ippsConnectionUri: "https://ps.compliance.protection.partner.outlook.cn/powershell-liveid",
    ippsAuthorizationEndpointUri: "https://login.chinacloudapi.cn/organizations",
    needsExchangeOnlineProtection: false,
  },
};

/** The cloud whose tenants have initial domains like this one; undefined where the suffix is no cloud's alone. */
export function cloudsOfDomain(initialDomain: string): readonly Cloud[] {
  const domain = initialDomain.toLowerCase();
  return Object.values(Cloud).filter((cloud) => domain.endsWith(clouds[cloud].initialDomainSuffix));
}
