import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { Cloud, ExchangeAppOnlyAuth } from "exchange-auth";

const config = new pulumi.Config();

const contoso = new azuread.Provider("contoso", {
  tenantId: config.require("contosoTenantId"),
  clientId: config.require("contosoClientId"),
  clientSecret: config.requireSecret("contosoClientSecret"),
});
const fabrikam = new azuread.Provider("fabrikam", {
  environment: "usgovernment",
  tenantId: config.require("fabrikamTenantId"),
  clientId: config.require("fabrikamClientId"),
  clientSecret: config.requireSecret("fabrikamClientSecret"),
});

const worldwide = new ExchangeAppOnlyAuth("contoso", {}, { provider: contoso });
const government = new ExchangeAppOnlyAuth(
  "fabrikam",
  { cloud: Cloud.UsGovernmentHigh, roles: ["Global Reader"] },
  { provider: fabrikam },
);

export const contosoConnect = worldwide.connectExchangeOnline;
export const fabrikamConnect = government.connectExchangeOnline;
