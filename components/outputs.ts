import type * as pulumi from "@pulumi/pulumi";

import type { ExchangeAppOnlyAuth } from "./exchangeAppOnlyAuth.ts";

/** The name of every output of the component, which a stack exports unchanged. Released names never change. */
export const outputNames = [
  "appId",
  "thumbprint",
  "tenantDomain",
  "tenantId",
  "applicationObjectId",
  "servicePrincipalObjectId",
  "certificatePem",
  "certificateDerBase64",
  "certificateThumbprintSha256",
  "certificateNotBefore",
  "certificateNotAfter",
  "privateKeyPem",
  "pfxBase64",
  "pfxPassword",
  "connectExchangeOnline",
  "connectIppsSession",
] as const satisfies readonly (keyof ExchangeAppOnlyAuth)[];

/** One of the names of `outputNames`. */
export type OutputName = (typeof outputNames)[number];

/** Those of the component's outputs that it has, by name: what a stack exports. */
export function outputsOf(
  component: Pick<ExchangeAppOnlyAuth, OutputName>,
): Record<string, pulumi.Output<string>> {
  const outputs: Record<string, pulumi.Output<string>> = {};
  for (const name of outputNames) {
    const output = component[name];
    if (output !== undefined) outputs[name] = output;
  }
  return outputs;
}
