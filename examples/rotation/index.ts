import * as pulumi from "@pulumi/pulumi";
import { readExchangeStack } from "exchange-auth";

const exchange = readExchangeStack(new pulumi.StackReference(new pulumi.Config().require("exchangeStack")));

/** What a host needs to sign in. Each `pulumi up` takes over the certificate that is the current one then. */
export const appId = exchange.appId;
export const organization = exchange.tenantDomain;
export const thumbprint = exchange.thumbprint;
export const certificatePem = exchange.certificatePem;
export const privateKeyPem = exchange.privateKeyPem;
