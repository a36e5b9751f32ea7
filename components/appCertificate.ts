import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { type CertificateFacts, readCertificate } from "./certificate.ts";
import { maximumCommonNameLength } from "./certificateArguments.ts";
import { retryHooks } from "./retryHooks.ts";

/** The arguments of `AppCertificate`. */
export interface AppCertificateArgs {
  /** The generation's name, which the current-certificate order and `exo-auth` refer to. */
  readonly generation: string;
  /** The application that accepts the certificate, as azuread names it: `/applications/OBJECT-ID`. */
  readonly applicationId: pulumi.Input<string>;
  /** The common name of subject and issuer; cut at 64 characters. */
  readonly commonName: pulumi.Input<string>;
  /** Lifetime in days. */
  readonly validityDays: number;
  /** Size of the RSA key in bits. */
  readonly rsaBits: number;
}

/**
 * One certificate on the application: its key, the self-signed certificate, and the key credential in Entra.
 *
 * It is immutable. Changed settings leave it alone, because replacing a live credential is an outage; they apply to the
 * next generation.
 */
export class AppCertificate extends pulumi.ComponentResource {
  /** The generation's name. */
  public readonly generation: pulumi.Output<string>;
  /** The id of the key credential on the application. */
  public readonly keyId: pulumi.Output<string>;
  /** The certificate in PEM. */
  public readonly certificatePem: pulumi.Output<string>;
  /** SHA-1 of the certificate's DER, upper-case hex. */
  public readonly thumbprint: pulumi.Output<string>;
  /** SHA-256 of the certificate's DER, upper-case hex. */
  public readonly certificateThumbprintSha256: pulumi.Output<string>;
  /** Start of validity, RFC 3339 in UTC. */
  public readonly certificateNotBefore: pulumi.Output<string>;
  /** End of validity, RFC 3339 in UTC. */
  public readonly certificateNotAfter: pulumi.Output<string>;
  /** The private key in PEM (PKCS#8). Secret. */
  public readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: AppCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("exchange-auth:index:AppCertificate", name, { generation: args.generation }, opts);

    // Rotation must be able to remove a generation, so protection that the component inherits ends here.
    const child = (ignoreChanges: string[]): pulumi.CustomResourceOptions => ({
      parent: this,
      protect: false,
      ignoreChanges,
      dependsOn: opts?.dependsOn,
      hooks: retryHooks(),
    });

    const key = new tls.PrivateKey(
      `${name}-key`,
      { algorithm: "RSA", rsaBits: args.rsaBits },
      child(["algorithm", "rsaBits"]),
    );
    const certificate = new tls.SelfSignedCert(
      name,
      {
        privateKeyPem: key.privateKeyPem,
        subject: {
          commonName: pulumi.output(args.commonName).apply((text) => text.slice(0, maximumCommonNameLength)),
        },
        validityPeriodHours: args.validityDays * 24,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        setSubjectKeyId: true,
      },
      child(["allowedUses", "setSubjectKeyId", "subject", "validityPeriodHours"]),
    );
    const facts = certificate.certPem.apply((pem) => (pem === undefined ? undefined : readCertificate(pem)));
    // A certificate that replaces this one needs a key id of its own: Entra refuses a second credential under the same.
    const keyId = new random.RandomUuid(
      `${name}-key-id`,
      { keepers: { certificateId: certificate.id } },
      child([]),
    );
    const credential = new azuread.ApplicationCertificate(
      name,
      {
        applicationId: args.applicationId,
        keyId: keyId.result,
        type: "AsymmetricX509Cert",
        value: certificate.certPem,
        endDate: fact("notAfter"),
      },
      child([]),
    );

    this.generation = pulumi.output(args.generation);
    this.keyId = credential.keyId;
    this.certificatePem = certificate.certPem;
    this.thumbprint = fact("thumbprint");
    this.certificateThumbprintSha256 = fact("thumbprintSha256");
    this.certificateNotBefore = fact("notBefore");
    this.certificateNotAfter = fact("notAfter");
    this.privateKeyPem = pulumi.secret(key.privateKeyPemPkcs8);
    this.registerOutputs({
      generation: this.generation,
      keyId: this.keyId,
      certificatePem: this.certificatePem,
      thumbprint: this.thumbprint,
      certificateThumbprintSha256: this.certificateThumbprintSha256,
      certificateNotBefore: this.certificateNotBefore,
      certificateNotAfter: this.certificateNotAfter,
      privateKeyPem: this.privateKeyPem,
    });

    /** Under mocks that make no certificate the facts are undefined, as Pulumi's own outputs are then. */
    function fact(what: keyof CertificateFacts): pulumi.Output<string> {
      return facts.apply((known) => known?.[what] as string);
    }
  }
}
