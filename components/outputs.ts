import type * as pulumi from "@pulumi/pulumi";

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
] as const;

/** One of the names of `outputNames`. */
export type OutputName = (typeof outputNames)[number];

/** Those about the current certificate. A component without certificates has none of them. */
export const certificateOutputNames = [
  "thumbprint",
  "certificatePem",
  "certificateDerBase64",
  "certificateThumbprintSha256",
  "certificateNotBefore",
  "certificateNotAfter",
] as const;

/**
 * Those that a component may lack: of a certificate that it does not have, of a key that was made elsewhere, and of roles
 * that do not open a service.
 */
export const optionalOutputNames = [
  ...certificateOutputNames,
  "privateKeyPem",
  "pfxBase64",
  "pfxPassword",
  "connectIppsSession",
] as const;

/** One of the names of `optionalOutputNames`. */
export type OptionalName = (typeof optionalOutputNames)[number];

/** Those of the component's outputs that it has, by name: what a stack exports. */
export function outputsOf(
  component: Readonly<Record<Exclude<OutputName, OptionalName>, pulumi.Output<string>>> &
    Readonly<Partial<Record<OptionalName, pulumi.Output<string>>>>,
): Record<string, pulumi.Output<string>> {
  const outputs: Record<string, pulumi.Output<string>> = {};
  for (const name of outputNames) {
    const output = component[name];
    if (output !== undefined) outputs[name] = output;
  }
  return outputs;
}
