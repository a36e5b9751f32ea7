import { exchangeOnlineProtection, wellKnownResources } from "./permissions.ts";

/** Client IDs of the services whose application permissions all act on Exchange. */
export const exchangeServices: readonly string[] = [
  wellKnownResources["Office365ExchangeOnline"] ?? "",
  exchangeOnlineProtection,
];

/** The client ID of Microsoft Graph, some of whose application permissions act on Exchange. */
export const microsoftGraph = wellKnownResources["MicrosoftGraph"] ?? "";

/** How the values of Microsoft Graph's permissions begin that read or change mailboxes. */
const mailboxPermissions = ["Calendars.", "Contacts.", "Mail.", "Mailbox", "Tasks."];

/** Whether an application permission of Microsoft Graph changes who may do what in Exchange. */
export function changesExchangeRoles(value: string): boolean {
  return value === "RoleManagement.ReadWrite.Exchange";
}

/**
 * Whether an application permission of Microsoft Graph reaches the content or the settings of mailboxes.
 *
 * Source: Microsoft's Graph permissions reference.
 */
export function reachesMailboxes(value: string): boolean {
  return mailboxPermissions.some((start) => value.startsWith(start)) && !value.endsWith(".Shared");
}
