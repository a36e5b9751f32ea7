import type { FunctionType } from "../protocol/resource.ts";
import { computed, map, text } from "../protocol/schema.ts";
import type { Client } from "./client.ts";

/**
 * Microsoft's own applications by the names that `getApplicationPublishedAppIds` gives them: those of Microsoft 365.
 * The official plugin knows a hundred more.
 *
 * Source: sdk/environments/application_ids.go of hashicorp/go-azure-sdk.
 */
const publishedAppIds: Readonly<Record<string, string>> = {
  MicrosoftGraph: "00000003-0000-0000-c000-000000000000",
  Office365ExchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  Office365ExchangeOnlineProtection: "00000007-0000-0ff1-ce00-000000000000",
  Office365Management: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
  Office365SharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
};

/** `azuread.getApplicationPublishedAppIds`. Asks nobody. */
export const getApplicationPublishedAppIds: FunctionType<Client> = {
  inputs: {},
  outputs: { id: computed(text), result: computed(map(text)) },
  call: () => Promise.resolve({ id: "appIds", result: { ...publishedAppIds } }),
};
