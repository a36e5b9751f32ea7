import { builtInRoles } from "./builtInRoles.ts";

/** A built-in role of Entra. */
export interface DirectoryRole {
  /** The role's name in Entra. */
  readonly displayName: string;
  /** The role's template ID, the same in every tenant; it is what a role assignment takes for a built-in role. */
  readonly templateId: string;
}

/** A role that app-only authentication supports. */
export interface AppOnlyRole extends DirectoryRole {
  /** Whether Connect-ExchangeOnline accepts it. */
  readonly exchangeOnline: boolean;
  /** Whether Connect-IPPSSession (Security & Compliance PowerShell) accepts it. */
  readonly securityAndCompliance: boolean;
}

/**
 * Every role that app-only authentication supports, and what it opens to an application.
 *
 * Source: Microsoft's page "App-only authentication in Exchange Online PowerShell and Security & Compliance PowerShell".
 */
export const appOnlyRoles: readonly AppOnlyRole[] = [
  role("Compliance Administrator", true, true),
  role("Exchange Administrator", true, false),
  role("Exchange Recipient Administrator", true, false),
  role("Global Administrator", true, true),
  role("Global Reader", true, true),
  role("Helpdesk Administrator", true, false),
  role("Security Administrator", true, true),
  role("Security Reader", true, true),
];

/** Every built-in role, which users may hold. */
export const directoryRoles: readonly DirectoryRole[] = Object.entries(builtInRoles).map(
  ([displayName, templateId]) => ({ displayName, templateId }),
);

/** The template ID of Global Administrator, which is granted only when asked for explicitly. */
export const globalAdministratorTemplateId = templateIdOf("Global Administrator");

/** Names that roles once had; the article that this project automates uses the first. */
export const formerRoleNames: Readonly<Record<string, string>> = {
  "exchange service administrator": "Exchange Administrator",
  "company administrator": "Global Administrator",
};

/** The one of `roles` with this name (without regard to case) or template ID. */
export function findRole<R extends DirectoryRole>(roles: readonly R[], nameOrId: string): R | undefined {
  const wanted = nameOrId.trim().toLowerCase();
  return roles.find(
    ({ displayName, templateId }) => displayName.toLowerCase() === wanted || templateId === wanted,
  );
}

const namesByTemplateId = new Map(Object.entries(builtInRoles).map(([name, id]) => [id, name]));

/** The name of a built-in role; undefined for any other. */
export function roleName(templateId: string): string | undefined {
  return namesByTemplateId.get(templateId);
}

function role(displayName: string, exchangeOnline: boolean, securityAndCompliance: boolean): AppOnlyRole {
  return { displayName, templateId: templateIdOf(displayName), exchangeOnline, securityAndCompliance };
}

/** The template ID of a built-in role. @throws Error where there is no role of that name. */
export function templateIdOf(displayName: string): string {
  const templateId = builtInRoles[displayName];
  if (templateId === undefined) throw new Error(`"${displayName}" is missing among the built-in roles.`);
  return templateId;
}
