/**
 * The built-in role groups of Exchange Online, and the management roles that each one holds.
 *
 * Source: Microsoft's page "Permissions in Exchange Online". "Organization Management" holds nearly every role; the ones
 * here are those that the page lists.
 */
export const exchangeRoleGroups: Readonly<Record<string, readonly string[]>> = {
  "Compliance Management": [
    "Audit Logs",
    "Compliance Admin",
    "Data Loss Prevention",
    "Information Rights Management",
    "Journaling",
    "Message Tracking",
    "Retention Management",
    "Transport Rules",
    "View-Only Audit Logs",
    "View-Only Configuration",
    "View-Only Recipients",
  ],
  "Discovery Management": ["Legal Hold", "Mailbox Search"],
  "Help Desk": ["Reset Password", "User Options", "View-Only Recipients"],
  "Hygiene Management": ["Transport Hygiene", "View-Only Configuration", "View-Only Recipients"],
  "Organization Management": [
    "Audit Logs",
    "Compliance Admin",
    "Data Loss Prevention",
    "Distribution Groups",
    "E-Mail Address Policies",
    "Federated Sharing",
    "Information Rights Management",
    "Journaling",
    "Legal Hold",
    "Mail Enabled Public Folders",
    "Mail Recipient Creation",
    "Mail Recipients",
    "Mail Tips",
    "Message Tracking",
    "Migration",
    "Move Mailboxes",
    "Org Custom Apps",
    "Org Marketplace Apps",
    "Organization Client Access",
    "Organization Configuration",
    "Organization Transport Settings",
    "Public Folders",
    "Recipient Policies",
    "Remote and Accepted Domains",
    "Reset Password",
    "Retention Management",
    "Role Management",
    "Security Admin",
    "Security Group Creation and Membership",
    "Security Reader",
    "Team Mailboxes",
    "Transport Hygiene",
    "Transport Rules",
    "User Options",
    "View-Only Audit Logs",
    "View-Only Configuration",
    "View-Only Recipients",
  ],
  "Recipient Management": [
    "Distribution Groups",
    "Mail Recipient Creation",
    "Mail Recipients",
    "Message Tracking",
    "Migration",
    "Move Mailboxes",
    "Recipient Policies",
    "Reset Password",
    "Team Mailboxes",
  ],
  "Records Management": [
    "Audit Logs",
    "Journaling",
    "Message Tracking",
    "Retention Management",
    "Transport Rules",
  ],
  "Security Administrator": ["Security Admin"],
  "Security Reader": ["Security Reader"],
  "View-Only Organization Management": ["View-Only Configuration", "View-Only Recipients"],
};

/** Management roles that no built-in role group holds, or that only a custom one takes. */
const otherRoles = [
  "Address Lists",
  "Mailbox Import Export",
  "Mailbox Search",
  "Tenant AllowBlockList Manager",
];

/** The built-in management roles of Exchange Online, as far as Microsoft's page lists them. */
export const exchangeManagementRoles: readonly string[] = [
  ...new Set([...Object.values(exchangeRoleGroups).flat(), ...otherRoles]),
].toSorted();

/**
 * The roles of Security & Compliance that the groups below hold to read, apart from "Security Reader".
 *
 * Source: Microsoft's page "Roles and role groups in Microsoft Defender for Office 365 and Microsoft Purview".
 */
const complianceViews = [
  "View-Only Device Management",
  "View-Only DLP Compliance Management",
  "View-Only IB Compliance Management",
  "View-Only Manage Alerts",
];

const complianceManagement = [
  "Compliance Administrator",
  "Compliance Search",
  "Device Management",
  "Disposition Management",
  "DLP Compliance Management",
  "IB Compliance Management",
  "Manage Alerts",
  "Organization Configuration",
  "RecordManagement",
  "Retention Management",
  "View-Only Audit Logs",
  "View-Only Recipients",
  "View-Only Record Management",
  "View-Only Retention Management",
  ...complianceViews,
];

/**
 * The built-in role groups of Security & Compliance that applications have a use for, by display name, and their roles.
 * The name of such a group has no spaces, and some differ in more than that.
 *
 * Source: Microsoft's page "Roles and role groups in Microsoft Defender for Office 365 and Microsoft Purview".
 */
export const complianceRoleGroups: Readonly<Record<string, readonly string[]>> = {
  "Compliance Administrator": ["Case Management", "Hold", "View-Only Case", ...complianceManagement],
  "Compliance Data Administrator": ["Sensitivity Label Administrator", ...complianceManagement],
  "eDiscovery Manager": [
    "Case Management",
    "Communication",
    "Compliance Search",
    "Custodian",
    "Export",
    "Hold",
    "Preview",
    "Review",
    "RMS Decrypt",
  ],
  "Global Reader": [
    "Security Reader",
    "Sensitivity Label Reader",
    "Service Assurance View",
    "View-Only Audit Logs",
    "View-Only Recipients",
    "View-Only Record Management",
    "View-Only Retention Management",
    ...complianceViews,
  ],
  "Organization Management": [
    "Audit Logs",
    "Case Management",
    "Hold",
    "Quarantine",
    "Role Management",
    "Security Administrator",
    "Security Reader",
    "Service Assurance View",
    ...complianceManagement,
  ],
  "Quarantine Administrator": ["Quarantine"],
  "Records Management": ["Disposition Management", "RecordManagement", "Retention Management"],
  Reviewer: ["Review"],
  "Security Administrator": [
    "Audit Logs",
    "Device Management",
    "DLP Compliance Management",
    "IB Compliance Management",
    "Manage Alerts",
    "Quarantine",
    "Security Administrator",
    "Sensitivity Label Administrator",
    "View-Only Audit Logs",
    ...complianceViews,
  ],
  "Security Operator": [
    "Compliance Search",
    "Manage Alerts",
    "Security Reader",
    "Tenant AllowBlockList Manager",
    "View-Only Audit Logs",
    ...complianceViews,
  ],
  "Security Reader": ["Security Reader", "Sensitivity Label Reader", ...complianceViews],
};

/** The built-in roles of Security & Compliance, as far as the groups above hold them. */
export const complianceManagementRoles: readonly string[] = [
  ...new Set(Object.values(complianceRoleGroups).flat()),
].toSorted();

/**
 * With one of these, an application can give itself every other right of its role store.
 *
 * Source: Microsoft's page "Role Management role": it manages role groups, roles and assignments.
 */
const masterNames: readonly string[] = ["Organization Management", "Role Management"];

/** Whether a role or a role group of either store lets its holder give itself every other right. */
export function isMaster(name: string): boolean {
  return masterNames.some((master) => isSameRoleName(master, name));
}

/**
 * Whether a text stands for a role or role group by something else than its name: an ID, a distinguished name or a path.
 * Exchange takes these in place of a name, and nobody sees what they give.
 *
 * Source: Microsoft's page about New-ManagementRoleAssignment, parameter Role.
 */
export function isIdentifier(text: string): boolean {
  return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$|^CN=|\\/i.test(text.replaceAll(/[{}()\s]/g, ""));
}

/** Whether two names are one role or role group: Exchange compares them without case, and without their spaces here. */
export function isSameRoleName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

function comparable(name: string): string {
  return name.replaceAll(/\s+/g, "").toLowerCase();
}
