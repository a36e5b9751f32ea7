/** A cmdlet that changes nothing when it is tried, and the management roles of which one lets it run. */
export interface TriedCmdlet {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
}

/** Nothing has this ID, so that a cmdlet which gets as far as looking for it finds nothing to change. */
const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * Cmdlets of Exchange Online that read, one for what many jobs may do: the first that a job's roles let run shows that they
 * hold.
 *
 * Source: Microsoft's pages on the roles ("View-Only Configuration role", "View-Only Recipients role", "Mail Recipients
 * role", "Message Tracking role"), which say what each manages. `Get-ManagementRole -Cmdlet` has the whole list.
 */
export const readingCmdlets: readonly TriedCmdlet[] = [
  {
    cmdlet: "Get-OrganizationConfig",
    parameters: {},
    roles: ["Organization Configuration", "View-Only Configuration"],
  },
  {
    cmdlet: "Get-Mailbox",
    parameters: { ResultSize: "1" },
    roles: ["Mail Recipient Creation", "Mail Recipients", "View-Only Recipients"],
  },
];

/** Cmdlets that write, tried on nothing. A job without any of their roles is refused. */
export const writingCmdlets: readonly TriedCmdlet[] = [
  {
    cmdlet: "Set-Mailbox",
    parameters: { Identity: nobody },
    roles: [
      "Audit Logs",
      "Journaling",
      "Legal Hold",
      "Mail Recipient Creation",
      "Mail Recipients",
      "Message Tracking",
      "Move Mailboxes",
      "Recipient Policies",
      "Retention Management",
      "User Options",
    ],
  },
  { cmdlet: "Remove-ServicePrincipal", parameters: { Identity: nobody }, roles: ["Role Management"] },
];
