import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnlyAuth } from "exchange-auth";

const exchange = new ExchangeAppOnlyAuth("exchange", {
  existingClientId: new pulumi.Config().require("clientId"),
  roles: ["Global Reader"],
});

export const { appId, thumbprint, tenantDomain, connectExchangeOnline } = exchange;
