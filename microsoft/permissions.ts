/** An application permission as the arguments name it. */
export interface DeclaredPermission {
  /** The resource's client ID, the same in every tenant. */
  readonly resourceAppId: string;
  /** The permission's value, as it stands in a token's `roles`, or its app role's id. */
  readonly permission: string;
}

/**
 * Client ids of Microsoft's resources, under the names of azuread's list of published applications. Any other resource
 * goes by its client ID.
 */
export const wellKnownResources: Readonly<Record<string, string>> = {
  MicrosoftGraph: "00000003-0000-0000-c000-000000000000",
  Office365ExchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  Office365ExchangeOnlineProtection: "00000007-0000-0ff1-ce00-000000000000",
  Office365Management: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
  Office365SharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
  OneNote: "2d4d3d8e-2be3-4bef-9f87-7875a61c29de",
  SkypeForBusinessOnline: "00000004-0000-0ff1-ce00-000000000000",
  WindowsDefenderAtp: "fc780465-2017-40d4-a0c5-307022471b92",
  Yammer: "00000005-0000-0ff1-ce00-000000000000",
};

const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";

/** The client ID of Microsoft Exchange Online Protection, the resource of Security & Compliance. */
export const exchangeOnlineProtection = "00000007-0000-0ff1-ce00-000000000000";

/** The permission that app-only sign-in to Exchange needs. */
export const manageAsApp = "Exchange.ManageAsApp";

/**
 * The app role IDs of Exchange.ManageAsApp, by resource.
 *
 * Source: Microsoft's page "App-only authentication in Exchange Online PowerShell and Security & Compliance PowerShell".
 */
export const manageAsAppRoleIds: Readonly<Record<string, string>> = {
  [exchangeOnline]: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  [exchangeOnlineProtection]: "455e5cd2-84e8-4751-8344-5672145dfa17",
};

/**
 * The permissions without which nothing signs in.
 *
 * Source: Microsoft's page "App-only authentication in Exchange Online PowerShell and Security & Compliance PowerShell"
 * as corrected in August 2026 (office-docs-powershell, pull request 13783): Connect-ExchangeOnline takes
 * Exchange.ManageAsApp of Office 365 Exchange Online, Connect-IPPSSession that of Microsoft Exchange Online Protection,
 * in every cloud.
 *
 * @param securityAndCompliance whether Connect-IPPSSession is to work too
 */
export function requiredPermissions(securityAndCompliance: boolean): readonly DeclaredPermission[] {
  const resources = securityAndCompliance ? [exchangeOnline, exchangeOnlineProtection] : [exchangeOnline];
  return resources.map((resourceAppId) => ({ resourceAppId, permission: manageAsApp }));
}

/** Whether a permission is Exchange.ManageAsApp, by value or by id. */
export function isManageAsApp({ resourceAppId, permission }: DeclaredPermission): boolean {
  const wanted = permission.toLowerCase();
  return (
    resourceAppId in manageAsAppRoleIds &&
    (wanted === manageAsApp.toLowerCase() || wanted === manageAsAppRoleIds[resourceAppId])
  );
}
