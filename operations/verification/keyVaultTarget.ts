import { X509Certificate } from "node:crypto";
import { readCertificate } from "../../common/certificate.ts";
import { askAuthority } from "../../graph/authority.ts";
import { makeClientAssertion } from "../../graph/clientAssertion.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import { openVaultCertificate } from "../../graph/keyVault.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import type { NamedApplication, VerificationTarget } from "./verificationTarget.ts";

/**
 * A certificate of a key vault, whose key signs there and never leaves it. Key Vault is asked as the identity that the
 * environment names, which need not be the application.
 *
 * @throws Failure, ApiError, SignInError
 */
export async function keyVaultTarget(
  address: string,
  { appId, organization, ...chosen }: NamedApplication,
  { env, signal }: Pick<PulumiOptions, "env" | "signal">,
): Promise<VerificationTarget> {
  const endpoints = await resolveEndpoints(chosen.cloud, env);
  const credential = createCredential(await identityFromEnvironment(env), endpoints);
  const vaulted = await openVaultCertificate(address, {
    credential,
    endpoint: endpoints.keyVault,
    signal,
  });
  const certificate = readCertificate(vaulted.certificatePem);
  // Microsoft documents the tenant's ID in the audience. A domain that Entra does not know is for the sign-in to explain.
  const { tenantId = organization } = await askAuthority(endpoints, organization, signal);
  const claims = {
    clientId: appId,
    audience: `${endpoints.authorityHost}/${tenantId}/oauth2/v2.0/token`,
    certificate: new X509Certificate(vaulted.certificatePem).raw,
  };
  return {
    signIn: {
      clientId: appId,
      tenantId: organization,
      tenantDomain: organization,
      ...chosen,
      thumbprint: certificate.thumbprint,
    },
    identity: {
      kind: "assertion",
      tenantId: organization,
      clientId: appId,
      getAssertion: () => makeClientAssertion(claims, (digest) => vaulted.sign(digest)),
    },
    certificate,
  };
}
