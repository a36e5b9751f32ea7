import { ExchangeAppOnlyAuth } from "exchange-auth";

const exchange = new ExchangeAppOnlyAuth("exchange");

export const { appId, thumbprint, tenantDomain, connectExchangeOnline, pfxBase64, pfxPassword } = exchange;
