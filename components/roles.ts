/** What a role opens to an application that signs in without a user. */
export interface ExchangeRole {
  /** The role's name in Entra. */
  readonly displayName: string;
  /** The role's template id, the same in every tenant; it is what a role assignment takes for a built-in role. */
  readonly templateId: string;
  /** Whether Connect-ExchangeOnline accepts it. */
  readonly exchangeOnline: boolean;
  /** Whether Connect-IPPSSession (Security & Compliance PowerShell) accepts it. */
  readonly securityAndCompliance: boolean;
}

/**
 * Every role that app-only authentication supports.
 *
 * Sources: Microsoft's page "App-only authentication in Exchange Online PowerShell and Security & Compliance
 * PowerShell" for what each opens, "Microsoft Entra built-in roles" for the template ids.
 */
export const exchangeRoles: readonly ExchangeRole[] = [
  role("Compliance Administrator", "17315797-102d-40b4-93e0-432062caca18", true, true),
  role("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de", true, false),
  role("Exchange Recipient Administrator", "31392ffb-586c-42d1-9346-e59415a2cc4e", true, false),
  role("Global Administrator", "62e90394-69f5-4237-9190-012177145e10", true, true),
  role("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451", true, true),
  role("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8", true, false),
  role("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d", true, true),
  role("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509", true, true),
];

/** The template id of Global Administrator, which is granted only when asked for explicitly. */
export const globalAdministratorTemplateId = "62e90394-69f5-4237-9190-012177145e10";

/** Names that roles once had; the article that this project automates uses the first. */
export const formerRoleNames: Readonly<Record<string, string>> = {
  "exchange service administrator": "Exchange Administrator",
  "company administrator": "Global Administrator",
};

/** The role of this name (without regard to case) or template id; undefined where app-only authentication has none such. */
export function findExchangeRole(nameOrId: string): ExchangeRole | undefined {
  const wanted = nameOrId.trim().toLowerCase();
  return exchangeRoles.find(
    ({ displayName, templateId }) => displayName.toLowerCase() === wanted || templateId === wanted,
  );
}

function role(
  displayName: string,
  templateId: string,
  exchangeOnline: boolean,
  securityAndCompliance: boolean,
): ExchangeRole {
  return { displayName, templateId, exchangeOnline, securityAndCompliance };
}
