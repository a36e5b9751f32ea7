import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnlyAuth } from "exchange-auth";

const config = new pulumi.Config();

const exchange = new ExchangeAppOnlyAuth("exchange", {
  expectedTenantId: config.require("expectedTenantId"),
  roles: [config.require("role")],
});

export const { appId, thumbprint, tenantDomain, connectExchangeOnline, pfxBase64, pfxPassword } = exchange;
