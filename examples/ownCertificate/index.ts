import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnlyAuth } from "exchange-auth";

const certificateFile = new pulumi.Config().require("certificateFile");

const exchange = new ExchangeAppOnlyAuth("exchange", {
  certificate: {
    generations: [{ name: "2026", publicCertificate: readFileSync(certificateFile).toString("base64") }],
  },
});

export const { appId, thumbprint, tenantDomain, connectExchangeOnline } = exchange;
