import { clouds, type Cloud } from "./clouds.ts";

/** An application permission: an app role that a resource's service principal offers to applications. */
export interface ApplicationPermission {
  /** The resource's name in azuread's list of published applications. */
  readonly resourceName: string;
  /** The resource's client id, the same in every tenant. */
  readonly resourceAppId: string;
  /** The permission's value, as it stands in a token's `roles`. */
  readonly value: string;
  /** The app role's id. */
  readonly appRoleId: string;
}

/**
 * Exchange.ManageAsApp of Office 365 Exchange Online.
 *
 * Source: Microsoft's page "App-only authentication in Exchange Online PowerShell and Security & Compliance PowerShell".
 */
export const manageAsApp: ApplicationPermission = {
  resourceName: "Office365ExchangeOnline",
  resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
  value: "Exchange.ManageAsApp",
  appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
};

/** The same permission of Microsoft Exchange Online Protection, which GCC High and DoD need. Source: the same page. */
const manageAsAppOfProtection: ApplicationPermission = {
  resourceName: "MicrosoftExchangeOnlineProtection",
  resourceAppId: "00000007-0000-0ff1-ce00-000000000000",
  value: "Exchange.ManageAsApp",
  appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
};

/**
 * The permissions without which nothing signs in to Exchange in this cloud.
 *
 * Microsoft's page contradicts itself on whether GCC High and DoD need one resource or both, so both are granted there.
 */
export function requiredPermissions(cloud: Cloud): readonly ApplicationPermission[] {
  return clouds[cloud].needsExchangeOnlineProtection ? [manageAsApp, manageAsAppOfProtection] : [manageAsApp];
}
