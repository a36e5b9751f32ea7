/** A cmdlet that changes nothing when it is tried, and the management roles of which one lets it run. */
export interface TriedCmdlet {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
}

/** Nothing has this ID, so that a cmdlet which gets as far as looking for it finds nothing to change. */
const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * Cmdlets of Exchange Online that read, the widest first: the first that a job's roles let run shows that they hold. For
 * each, only roles are named of which a source says that they have it.
 *
 * Sources: Microsoft's pages on the roles ("View-Only Configuration role", "Journaling role", …), which say what each
 * manages, and the roles that Microsoft365DSC asks for to read each kind of setting (`requiredroles` in its settings.json).
 * `Get-ManagementRole -Cmdlet` has the whole list.
 */
export const readingCmdlets: readonly TriedCmdlet[] = [
  reading("Get-OrganizationConfig", "Organization Configuration", "View-Only Configuration"),
  {
    ...reading(
      "Get-Mailbox",
      "Mail Recipient Creation",
      "Mail Recipients",
      "User Options",
      "View-Only Recipients",
    ),
    parameters: { ResultSize: "1" },
  },
  reading("Get-AcceptedDomain", "Distribution Groups", "Remote and Accepted Domains", "Retention Management"),
  reading(
    "Get-TransportRule",
    "Data Loss Prevention",
    "Information Rights Management",
    "Security Admin",
    "Security Reader",
    "Transport Rules",
  ),
  reading("Get-HostedContentFilterPolicy", "Transport Hygiene"),
  reading("Get-JournalRule", "Compliance Admin", "Journaling"),
  reading(
    "Get-OrganizationRelationship",
    "Federated Sharing",
    "Mail Tips",
    "Message Tracking",
    "Organization Transport Settings",
  ),
  reading("Get-ActiveSyncDeviceAccessRule", "Organization Client Access"),
  reading("Get-EmailAddressPolicy", "E-Mail Address Policies"),
  reading("Get-AddressList", "Address Lists"),
  reading("Get-OwaMailboxPolicy", "Recipient Policies"),
  reading("Get-ArcConfig", "Tenant AllowBlockList Manager"),
  reading("Get-RoleGroup", "Role Management"),
  // Last, as the roles beside these two have a cmdlet that says more.
  reading("Get-OrganizationConfig", "Public Folders", "Team Mailboxes"),
];

function reading(cmdlet: string, ...roles: readonly string[]): TriedCmdlet {
  return { cmdlet, parameters: {}, roles };
}

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
