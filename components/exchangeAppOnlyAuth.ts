import * as pulumi from "@pulumi/pulumi";

import { visible } from "../common/foreignText.ts";
import { componentType } from "../common/typeTokens.ts";
import { AppCertificate } from "./certificate/appCertificate.ts";
import { checkCertificates } from "./certificate/checkCertificates.ts";
import { warnOfSharedKeys } from "./certificate/sharedKeys.ts";
import { checkedTogether } from "./checkedTogether.ts";
import type { CertificateGeneration } from "./arguments/generationArguments.ts";
import {
  type ExchangeAppOnlyAuthArgs,
  resolveArguments,
  type ResolvedArguments,
} from "./arguments/resolveArguments.ts";
import { connectExchangeOnline, connectIppsSession, type ConnectionValues } from "./connectCommands.ts";
import { keepAnswersOutOfDebugMessages } from "./debugMessages.ts";
import { lookUpDirectory } from "./directory.ts";
import { createFederatedCredentials } from "./federatedCredentials.ts";
import { createGrants } from "./grants.ts";
import { createApplication, existingApplication } from "./application.ts";
import { outputsOf } from "./outputs.ts";
import { recordOf } from "./record.ts";
import { retryHooks } from "./retryHooks.ts";

/**
 * Sets up certificate-based sign-in to Exchange Online in one tenant, for jobs that run without a person. It creates an
 * application with the consented permission Exchange.ManageAsApp, its service principal with an Entra role, and a
 * certificate.
 *
 * It uses the azuread provider, which signs in to the tenant. To choose another one, pass `provider` or `providers` in
 * the options. The Entra role decides what a job may do in Exchange.
 *
 * @example The defaults: Exchange Administrator, a self-signed certificate for 364 days.
 * ```ts
 * import { ExchangeAppOnlyAuth } from "exchange-auth";
 *
 * const exchange = new ExchangeAppOnlyAuth("exchange");
 * export const { appId, thumbprint, tenantDomain } = exchange;
 * ```
 *
 * @example A reporting job that only reads, with a longer key, and in one tenant only.
 * ```ts
 * import { ExchangeAppOnlyAuth } from "exchange-auth";
 *
 * const reports = new ExchangeAppOnlyAuth("reports", {
 *   displayName: "Mailbox reports",
 *   roles: ["Global Reader"],
 *   certificate: { rsaBits: 4096, validityDays: 180 },
 *   expectedTenantId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
 * });
 * export const connect = reports.connectExchangeOnline;
 * ```
 */
export class ExchangeAppOnlyAuth extends pulumi.ComponentResource {
  /** The application's client ID. */
  public readonly appId: pulumi.Output<string>;
  /** SHA-1 of the current certificate's DER, in uppercase hexadecimal digits. PowerShell takes it as `-CertificateThumbprint`. */
  public readonly thumbprint?: pulumi.Output<string>;
  /** The tenant's initial domain. PowerShell takes it as `-Organization`. */
  public readonly tenantDomain: pulumi.Output<string>;
  /** The tenant's ID. */
  public readonly tenantId: pulumi.Output<string>;
  /** The object ID of the application (portal: app registration). */
  public readonly applicationObjectId: pulumi.Output<string>;
  /** The object ID of the service principal (portal: enterprise application), which Exchange's `New-ServicePrincipal` takes. */
  public readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** The current certificate in PEM. */
  public readonly certificatePem?: pulumi.Output<string>;
  /** The current certificate as the Base64 of its DER, which is the content of a `.cer` file. */
  public readonly certificateDerBase64?: pulumi.Output<string>;
  /** SHA-256 of the current certificate's DER, in uppercase hexadecimal digits. */
  public readonly certificateThumbprintSha256?: pulumi.Output<string>;
  /** Start of the current certificate's validity, RFC 3339 in UTC. */
  public readonly certificateNotBefore?: pulumi.Output<string>;
  /** End of the current certificate's validity, RFC 3339 in UTC. */
  public readonly certificateNotAfter?: pulumi.Output<string>;
  /** The current certificate's private key in PEM (PKCS#8). Secret. Missing if the certificate was created elsewhere. */
  public readonly privateKeyPem?: pulumi.Output<string>;
  /** Key and certificate as the Base64 of a PFX. Secret. Missing if the certificate was created elsewhere. */
  public readonly pfxBase64?: pulumi.Output<string>;
  /** The password of the PFX. Secret. Missing if the certificate was created elsewhere. */
  public readonly pfxPassword?: pulumi.Output<string>;
  /** PowerShell that connects to Exchange Online, ready to paste. */
  public readonly connectExchangeOnline: pulumi.Output<string>;
  /**
   * PowerShell that connects to Security & Compliance, ready to paste. Missing if no role opens it, or if
   * `securityAndCompliance` is false.
   */
  public readonly connectIppsSession?: pulumi.Output<string>;

  /**
   * If arguments are wrong, the program ends with one `ResourceError`. It names every problem of all components that the
   * program declares before its first `await`. None of these components is created, and their outputs fail.
   *
   * @param name The _unique_ name of the component in its stack. The names of its resources begin with it.
   * @param args The arguments. All are optional.
   * @param opts A bag of options that control this component's behavior. They reach every child, with one exception:
   *   `protect`, `retainOnDelete` and `deletedWith` do not reach certificates and federated credentials, because
   *   rotation and revocation remove them.
   */
  constructor(name: string, args: ExchangeAppOnlyAuthArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    keepAnswersOutOfDebugMessages();
    const subject = `ExchangeAppOnlyAuth "${name}"`;
    const { problems, ...resolved } = resolveArguments(args);
    // The defaults stand in for wrong arguments: the program goes on, so that its other components are checked too, and
    // nothing of this one is registered.
    const { settings, warnings } = problems.length === 0 ? resolved : resolveArguments({});
    const checked = checkedTogether({ subject, problems });
    const { inherited, kept } = splitOptions(opts);
    // Commands take the record in the state for deployed, so it gets there only where the tenant refuses nothing of it.
    const [accepted, accept] = pulumi.deferredOutput<pulumi.Resource[]>();
    super(componentType, name, recordOf(settings), pulumi.mergeOptions(inherited, { dependsOn: accepted }));

    const directory = lookUpDirectory(this, name, subject, settings, checked);
    const generations = checkCertificates(subject, settings.certificate.generations);
    const tenantAccepted: pulumi.Output<unknown> = pulumi.runtime.isDryRun()
      ? pulumi.output(checked)
      : directory;
    accept(tenantAccepted.apply(() => []));
    // Nothing may come into being in a tenant that is not meant, or beside a certificate that cannot be used, so every
    // child waits for what was looked up and checked. A preview creates nothing: what needs no answer of the tenant
    // goes on, so that its plugins start while azuread asks.
    const child: pulumi.ResourceOptions = {
      parent: this,
      dependsOn: pulumi
        .all([tenantAccepted, ...generations.map(({ publicCertificate }) => publicCertificate)])
        .apply(() => []),
      hooks: retryHooks(),
    };
    const application =
      settings.existingClientId === undefined
        ? createApplication(name, settings, directory, { ...child, ...kept })
        : existingApplication(settings.existingClientId, directory);
    createGrants(name, settings, directory, application.servicePrincipalObjectId, { ...child, ...kept });
    // What a credential's removal leaves in the tenant would let somebody sign in whom the state has forgotten.
    const credential = { ...child, protect: false, retainOnDelete: false };
    createFederatedCredentials(name, settings.federatedCredentials, application.applicationId, credential);
    const [current] = createCertificates(name, settings, generations, application.applicationId, credential);
    warnOfSharedKeys(generations, this);
    for (const warning of warnings) void pulumi.log.warn(visible(warning), this);

    this.appId = application.clientId;
    this.thumbprint = current?.thumbprint;
    this.tenantDomain = directory.tenantDomain;
    this.tenantId = directory.tenantId;
    this.applicationObjectId = application.applicationObjectId;
    this.servicePrincipalObjectId = application.servicePrincipalObjectId;
    this.certificatePem = current?.certificatePem;
    this.certificateDerBase64 = current?.certificateDerBase64;
    this.certificateThumbprintSha256 = current?.certificateThumbprintSha256;
    this.certificateNotBefore = current?.certificateNotBefore;
    this.certificateNotAfter = current?.certificateNotAfter;
    this.privateKeyPem = current?.privateKeyPem;
    this.pfxBase64 = current?.pfxBase64;
    this.pfxPassword = current?.pfxPassword;
    const values: pulumi.Output<ConnectionValues> = pulumi.output({
      appId: this.appId,
      thumbprint: this.thumbprint,
      tenantDomain: this.tenantDomain,
    });
    this.connectExchangeOnline = values.apply((known) => connectExchangeOnline(settings.cloud, known));
    this.connectIppsSession = settings.securityAndCompliance
      ? values.apply((known) => connectIppsSession(settings.cloud, known))
      : undefined;
    this.registerOutputs(outputsOf(this));
  }
}

/**
 * The options without those that a certificate must not have, and these apart. A child could not reset `deletedWith`, as
 * the engine lets it inherit what it does not name; and a certificate that one of them keeps would be forgotten by the
 * state while it lives.
 */
function splitOptions({ retainOnDelete, deletedWith, ...inherited }: pulumi.ComponentResourceOptions = {}): {
  readonly inherited: pulumi.ComponentResourceOptions;
  readonly kept: Pick<pulumi.ResourceOptions, "retainOnDelete" | "deletedWith">;
} {
  return {
    inherited,
    kept: {
      ...(retainOnDelete === undefined ? {} : { retainOnDelete }),
      ...(deletedWith === undefined ? {} : { deletedWith }),
    },
  };
}

/** One `AppCertificate` a generation, the current one first. */
function createCertificates(
  name: string,
  { certificate, displayName }: ResolvedArguments,
  generations: readonly CertificateGeneration[],
  applicationId: pulumi.Output<string>,
  opts: pulumi.ResourceOptions,
): readonly AppCertificate[] {
  const { commonName = displayName, ...settings } = certificate;
  return generations.map(
    ({ name: generation, publicCertificate, acceptedSha256 }) =>
      new AppCertificate(
        `${name}-cert-${generation}`,
        {
          ...settings,
          generation,
          applicationId,
          publicCertificate,
          acceptedSha256,
          commonName,
        },
        opts,
      ),
  );
}
