import { ExchangeAppOnlyAuth } from "exchange-auth";

const exchange = new ExchangeAppOnlyAuth("recipients", {
  displayName: "Recipient reports",
  roles: [],
  exchangeRoles: [{ role: "View-Only Recipients" }],
});

export const { appId, thumbprint, tenantDomain, connectExchangeOnline, pfxBase64, pfxPassword } = exchange;
