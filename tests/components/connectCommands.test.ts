import { expect, test } from "vitest";

import { connectExchangeOnline, connectIppsSession } from "../../components/connectCommands.ts";
import type { Cloud } from "../../microsoft/clouds.ts";

const values = { appId: "app", thumbprint: "AB", tenantDomain: "contoso.onmicrosoft.com" };
const credentials = "-AppId app -CertificateThumbprint AB -Organization contoso.onmicrosoft.com";

test.each<[Cloud, string, string]>([
  ["global", "", ""],
  [
    "usGovernmentHigh",
    " -ExchangeEnvironmentName O365USGovGCCHigh",
    " -ConnectionUri https://ps.compliance.protection.office365.us/powershell-liveid/ -AzureADAuthorizationEndpointUri https://login.microsoftonline.us/organizations",
  ],
])("the lines for %s", (cloud, exchange, ipps) => {
  expect(connectExchangeOnline(cloud, values)).toBe(
    `Connect-ExchangeOnline ${credentials}${exchange} -ShowBanner:$false`,
  );
  expect(connectIppsSession(cloud, values)).toBe(`Connect-IPPSSession ${credentials}${ipps}`);
});

test("without a certificate, a job connects with a token", () => {
  const keyless = { appId: "app", tenantDomain: "contoso.onmicrosoft.us" };
  expect(connectExchangeOnline("usGovernmentHigh", keyless)).toBe(
    "Connect-ExchangeOnline -AccessToken (exo-auth token --from-environment) -Organization contoso.onmicrosoft.us -ExchangeEnvironmentName O365USGovGCCHigh -ShowBanner:$false",
  );
  expect(connectIppsSession("global", keyless)).toBe(
    "Connect-IPPSSession -AccessToken (exo-auth token --from-environment --service compliance) -Organization contoso.onmicrosoft.us",
  );
});

test("a value that ends in what a switch begins with is none", () => {
  expect(connectExchangeOnline("global", { ...values, appId: "app$" })).toBe(
    "Connect-ExchangeOnline -AppId app$ -CertificateThumbprint AB -Organization contoso.onmicrosoft.com -ShowBanner:$false",
  );
});
