import { readingCmdlets } from "../../../microsoft/exchangeCmdlets.ts";
import { type AppOnlyRole, appOnlyRoles } from "../../../microsoft/roles.ts";

/**
 * Which directory roles, and which of Exchange's own management roles, may run which commands, as far as this tenant tells them apart.
 *
 * Microsoft describes each role's part of Exchange in "App-only authentication in Exchange Online PowerShell" and in
 * "Permissions in Exchange Online"; that these commands fall on these sides is inferred from there.
 */

/** Everything in the organization. */
export const organizationManagers = ["Exchange Administrator", "Global Administrator"];

/** Whoever may read the organization's configuration and recipients: everyone who may connect. */
export const readers = namesOf(appOnlyRoles.filter(({ exchangeOnline }) => exchangeOnline));

/** Whoever may change recipients. */
export const recipientManagers = [...organizationManagers, "Exchange Recipient Administrator"];

/** Whoever may read role groups. */
export const roleGroupReaders = [
  ...organizationManagers,
  "Global Reader",
  "Security Reader",
  "Security Administrator",
  "Compliance Administrator",
];

/** Whoever may read compliance policies: everyone who may connect. */
export const complianceReaders = namesOf(
  appOnlyRoles.filter(({ securityAndCompliance }) => securityAndCompliance),
);

/** Management roles with which an application may read the organization's configuration, role groups among it. */
export const configurationViews = [
  "Organization Configuration",
  "Role Management",
  "Security Admin",
  "Security Reader",
  "View-Only Configuration",
];

/** Management roles with which an application may read recipients. */
export const recipientViews = ["Mail Recipient Creation", "Mail Recipients", "View-Only Recipients"];

/** These management roles, and those that `exo-auth verify` expects to have a cmdlet. */
export function withProvingRoles(cmdlet: string, roles: readonly string[] = []): readonly string[] {
  const proving = readingCmdlets.filter((one) => one.cmdlet === cmdlet).flatMap((one) => one.roles);
  return [...new Set([...roles, ...proving])].toSorted();
}

function namesOf(roles: readonly AppOnlyRole[]): readonly string[] {
  return roles.map(({ displayName }) => displayName);
}
