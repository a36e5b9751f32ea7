import { stripVTControlCharacters } from "node:util";

import { expect, test } from "vitest";

import { summary } from "../../../sandbox/commands/summary.ts";

test("shows what a script needs, without the key", () => {
  const outputs = {
    appId: "11111111-2222-3333-4444-555555555555",
    thumbprint: "AB".repeat(20),
    tenantDomain: "contoso.onmicrosoft.com",
    tenantId: "tenant",
    servicePrincipalObjectId: "principal",
    certificatePem: "certificate",
    certificateNotAfter: "2027-11-22T09:11:45Z",
    privateKeyPem: "the private key",
    connectExchangeOnline: "Connect-ExchangeOnline -AppId …",
  };

  const text = stripVTControlCharacters(summary(outputs));

  expect(text).toBe(`Unattended scripts can sign in to Exchange Online:

  AppId         11111111-2222-3333-4444-555555555555
  Thumbprint    ABABABABABABABABABABABABABABABABABABABAB
  Tenant domain contoso.onmicrosoft.com
  Valid until   2027-11-22
  Private key   a secret of the stack; to print it:
                npm run --silent sandbox -- pulumi stack output privateKeyPem --show-secrets

  Connect-ExchangeOnline -AppId …
`);
});
