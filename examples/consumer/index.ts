import * as pulumi from "@pulumi/pulumi";
import { readExchangeStack } from "exchange-auth";

const exchange = readExchangeStack(new pulumi.StackReference(new pulumi.Config().require("exchangeStack")));

/** What the scheduler of the job needs. The password stays a secret in this stack, too. */
export const job = {
  connect: exchange.connectExchangeOnline,
  renewBefore: exchange.certificateNotAfter,
  pfxPassword: exchange.pfxPassword,
};
