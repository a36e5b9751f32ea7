import type { Cloud } from "../../../microsoft/clouds.ts";
import { clouds } from "../../../microsoft/clouds.ts";
import graphAppRoles from "./graphAppRoles.json" with { type: "json" };

/** The tenant that owns Microsoft's own applications: `appOwnerOrganizationId` of their service principals. */
export const microsoftTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** Application ids of Microsoft's own applications. */
export const microsoftAppIds = {
  exchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  exchangeOnlineProtection: "00000007-0000-0ff1-ce00-000000000000",
  graph: "00000003-0000-0000-c000-000000000000",
  keyVault: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
} as const;

/** The Azure CLI, which signs a person in: what they make with it bears this id in `createdByAppId`. */
export const azureCliAppId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** An application permission that one of Microsoft's applications offers. */
export interface CatalogueAppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
}

/** A delegated permission that one of Microsoft's applications offers. */
export interface CatalogueScope {
  readonly id: string;
  readonly value: string;
}

/** One of Microsoft's applications that every tenant has a service principal of. */
export interface MicrosoftApplication {
  readonly appId: string;
  readonly displayName: string;
  readonly appRoles: readonly CatalogueAppRole[];
  readonly scopes: readonly CatalogueScope[];
  /** The resource identifiers that tokens for it are asked for with, besides the application id. */
  readonly identifierUris: (cloud: Cloud) => readonly string[];
}

/**
 * Microsoft's own applications.
 *
 * The ids are Microsoft's. Sources: "App-only authentication in Exchange Online PowerShell and Security & Compliance
 * PowerShell" for Exchange.ManageAsApp on both resources; CISA's ScubaGear for Exchange.ManageAsAppV2; published
 * exports of the service principals for the others. In every cloud, Security & Compliance takes tokens of
 * Exchange Online Protection, and Exchange Online its own (office-docs-powershell pull request 13783, August 2026).
 */
export const microsoftApplications: readonly MicrosoftApplication[] = [
  {
    appId: microsoftAppIds.exchangeOnline,
    displayName: "Office 365 Exchange Online",
    appRoles: appRoles([
      ["Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338", "Read calendars in all mailboxes"],
      [
        "Calendars.ReadWrite.All",
        "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
        "Read and write calendars in all mailboxes",
      ],
      ["Contacts.Read", "089fe4d0-434a-44c5-8827-41ba8a0b17f5", "Read contacts in all mailboxes"],
      [
        "Contacts.ReadWrite",
        "6918b873-d17a-4dc1-b314-35f528134491",
        "Read and write contacts in all mailboxes",
      ],
      ["Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440", "Manage Exchange As Application"],
      ["Exchange.ManageAsAppV2", "ea3d980d-ebc7-4be4-8298-a167e5b8797c", "Manage Exchange As Application V2"],
      ["IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a", "IMAP.AccessAsApp"],
      ["Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Read mail in all mailboxes"],
      ["Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Read and write mail in all mailboxes"],
      ["Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96", "Send mail as any user"],
      ["Mailbox.Migration", "f7264778-fba9-422d-8e9e-2675a2c4b513", "Move mailboxes between organizations"],
      ["MailboxSettings.Read", "d45fa9f8-36e5-4cd2-b601-b063c7cf9ac2", "Read all user mailbox settings"],
      [
        "MailboxSettings.ReadWrite",
        "f9156939-25cd-4ba8-abfe-7fabcf003749",
        "Read and write all user mailbox settings",
      ],
      ["Organization.Read.All", "15f260d6-f874-4366-8672-6b3658c5a09b", "Organization.Read.All"],
      ["POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d", "POP.AccessAsApp"],
      [
        "ReportingWebService.Read.All",
        "b4d5a5c7-c085-487f-b922-ef0d6ebde6b1",
        "ReportingWebService.Read.All",
      ],
      ["User.Read.All", "bf24470f-10c1-436d-8d53-7b997eb473be", "Read all users' full profiles"],
      [
        "full_access_as_app",
        "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
        "Use Exchange Web Services with full access to all mailboxes",
      ],
    ]),
    scopes: [
      { value: "EWS.AccessAsUser.All", id: "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5" },
      { value: "Exchange.Manage", id: "ab4f2b77-0b06-4fc1-a9de-02113fc2ab7c" },
      { value: "Mail.Read", id: "185758ba-798d-4b72-9e54-429a413a2510" },
    ],
    identifierUris: (cloud) => [
      clouds[cloud].exchangeOnlineAudience,
      ...(cloud === "global" ? ["https://outlook.office.com"] : []),
    ],
  },
  {
    appId: microsoftAppIds.exchangeOnlineProtection,
    displayName: "Microsoft Exchange Online Protection",
    appRoles: appRoles([
      ["EopPolicySync.AccessAsApp", "c79b0778-99a8-4d45-9063-3f160ec2776d", "EopPolicySync.AccessAsApp"],
      ["Exchange.ManageAsApp", "455e5cd2-84e8-4751-8344-5672145dfa17", "Exchange.ManageAsApp"],
      [
        "ThreatSubmission.ReadWrite.All",
        "8f819283-077c-4c68-aa24-0ad706da26e0",
        "ThreatSubmission.ReadWrite.All",
      ],
    ]),
    scopes: [],
    identifierUris: (cloud) => [clouds[cloud].securityAndComplianceAudience],
  },
  {
    appId: microsoftAppIds.graph,
    displayName: "Microsoft Graph",
    appRoles: Object.entries(graphAppRoles).map(([value, [id = "", displayName = ""]]) => ({
      value,
      id,
      displayName,
    })),
    scopes: [
      { value: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" },
      { value: "Mail.Read", id: "570282fd-fa5c-430d-a7fd-fc8dc98a9dca" },
      { value: "Mail.ReadWrite", id: "024d486e-b451-40bb-833d-3e66d98c5c73" },
      { value: "Mail.Send", id: "e383f46e-2787-4529-855e-0e479a3ffac0" },
      { value: "Directory.Read.All", id: "06da0dbc-49e2-44d2-8312-53f166ab848a" },
      { value: "Application.ReadWrite.All", id: "bdfbf15f-ee85-4955-8675-146e8e5296b5" },
      { value: "offline_access", id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182" },
      { value: "openid", id: "37f7f235-527c-4136-accd-4a02d197296e" },
      { value: "profile", id: "14dad69e-099b-42c9-810b-d002981feec1" },
      { value: "email", id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0" },
    ],
    identifierUris: (cloud) => [clouds[cloud].graph],
  },
  {
    appId: microsoftAppIds.keyVault,
    displayName: "Azure Key Vault",
    appRoles: [],
    scopes: [{ value: "user_impersonation", id: "f53da476-18e3-4152-8e01-aec403e6edc0" }],
    identifierUris: (cloud) => [clouds[cloud].keyVault],
  },
];

const byAppId = new Map(microsoftApplications.map((application) => [application.appId, application]));

/** The Microsoft application with this id; undefined for everyone else's. */
export function microsoftApplication(appId: string): MicrosoftApplication | undefined {
  return byAppId.get(appId);
}

function appRoles(roles: readonly (readonly [string, string, string])[]): readonly CatalogueAppRole[] {
  return roles.map(([value, id, displayName]) => ({ value, id, displayName }));
}
