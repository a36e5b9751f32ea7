import * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";

import type { FederatedCredentialSettings } from "./arguments/federatedArguments.ts";

/** Creates the federated credentials of the application. Names of children are released and never change. */
export function createFederatedCredentials(
  name: string,
  credentials: readonly FederatedCredentialSettings[],
  applicationId: pulumi.Output<string>,
  opts: pulumi.ResourceOptions,
): void {
  for (const { name: displayName, issuer, subject, audience } of credentials) {
    new azuread.ApplicationFederatedIdentityCredential(
      `${name}-federated-${displayName}`,
      { applicationId, displayName, issuer, subject, audiences: [audience] },
      opts,
    );
  }
}
