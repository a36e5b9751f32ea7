import * as pulumi from "@pulumi/pulumi";
import { readExchangeStack } from "exchange-auth";

const exchange = readExchangeStack(new pulumi.StackReference(new pulumi.Config().require("exchangeStack")));

/** What a job's scheduler is told. The password stays a secret on its way. */
export const job = {
  connect: exchange.connectExchangeOnline,
  renewBefore: exchange.certificateNotAfter,
  pfxPassword: exchange.pfxPassword,
};
