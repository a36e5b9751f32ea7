import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { readCertificate } from "../../common/certificate.ts";
import { visible } from "../../common/foreignText.ts";
import { appCertificateType } from "../../common/typeTokens.ts";
import { commonNameOf } from "../arguments/certificateArguments.ts";
import type { PfxEncoding } from "../pfx/pfxContent.ts";
import { problemsError } from "../problems.ts";
import { certificateWarnings, readPublicCertificate } from "./publicCertificate.ts";
import { retryHooks } from "../retryHooks.ts";

/** The arguments of `AppCertificate`. */
export interface AppCertificateArgs {
  /** The generation's name. */
  readonly generation: string;
  /** The application that accepts the certificate, as azuread names it: `/applications/OBJECT-ID`. */
  readonly applicationId: pulumi.Input<string>;
  /** A certificate that was created elsewhere, in PEM or as the Base64 of its DER. If it is given, no key is created. */
  readonly publicCertificate: pulumi.Input<string> | undefined;
  /** SHA-256 of a `publicCertificate` that is accepted even if its key or signature is weak. */
  readonly acceptedSha256?: string | undefined;
  /** The common name of subject and issuer, cut at 64 characters. It is also the friendly name of the PFX. */
  readonly commonName: pulumi.Input<string>;
  /** Lifetime in days. */
  readonly validityDays: number;
  /** Size of the RSA key in bits. */
  readonly rsaBits: number;
  /** How the PFX is encrypted. */
  readonly pfxEncoding: PfxEncoding;
}

/**
 * One certificate on the application: its key, the self-signed certificate, and the key credential in Entra.
 *
 * It is immutable. If settings change, it stays as it is, because replacing a live credential is an outage. The changed
 * settings apply to the next generation.
 */
export class AppCertificate extends pulumi.ComponentResource {
  /** The generation's name. */
  public readonly generation: pulumi.Output<string>;
  /** The ID of the key credential on the application. */
  public readonly keyId: pulumi.Output<string>;
  /** The certificate in PEM. */
  public readonly certificatePem: pulumi.Output<string>;
  /** The certificate as the Base64 of its DER, which is the content of a `.cer` file. */
  public readonly certificateDerBase64: pulumi.Output<string>;
  /** SHA-1 of the certificate's DER, in uppercase hexadecimal digits. */
  public readonly thumbprint: pulumi.Output<string>;
  /** SHA-256 of the certificate's DER, in uppercase hexadecimal digits. */
  public readonly certificateThumbprintSha256: pulumi.Output<string>;
  /** Start of the certificate's validity, RFC 3339 in UTC. */
  public readonly certificateNotBefore: pulumi.Output<string>;
  /** End of the certificate's validity, RFC 3339 in UTC. */
  public readonly certificateNotAfter: pulumi.Output<string>;
  /** The private key in PEM (PKCS#8). Secret. Missing if the certificate was created elsewhere. */
  public readonly privateKeyPem?: pulumi.Output<string>;
  /** Key and certificate as the Base64 of a PFX. Secret. Missing if the certificate was created elsewhere. */
  public readonly pfxBase64?: pulumi.Output<string>;
  /** The password of the PFX. Secret. Missing if the certificate was created elsewhere. */
  public readonly pfxPassword?: pulumi.Output<string>;

  /**
   * @param name The _unique_ name of the component in its stack. The names of its resources begin with it.
   * @param args The generation's name, and how its certificate is created.
   * @param opts A bag of options that control this component's behavior.
   */
  constructor(name: string, args: AppCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super(appCertificateType, name, { generation: args.generation }, opts);

    // Rotation must be able to remove a generation, so what the component inherits to keep its children ends here.
    const child: pulumi.CustomResourceOptions = {
      parent: this,
      protect: false,
      retainOnDelete: false,
      dependsOn: opts?.dependsOn,
      hooks: retryHooks(),
    };
    const made = args.publicCertificate === undefined ? makeCertificate(name, args, child) : undefined;
    this.certificatePem = made?.certificate.certPem ?? givenCertificate(name, args, this);
    const facts = this.certificatePem.apply((pem) => ofCertificate(pem, readCertificate));

    // A certificate that replaces this one needs a key ID of its own: Entra refuses a second credential under the same.
    const keyId = new random.RandomUuid(
      `${name}-key-id`,
      {
        keepers: made
          ? { certificateId: made.certificate.id }
          : { certificateSha256: facts.thumbprintSha256 },
      },
      child,
    );
    const credential = new azuread.ApplicationCertificate(
      name,
      {
        applicationId: args.applicationId,
        keyId: keyId.result,
        type: "AsymmetricX509Cert",
        value: this.certificatePem,
        endDate: facts.notAfter,
      },
      child,
    );

    this.generation = pulumi.output(args.generation);
    // The id that was asked for, which no refresh rewrites, known once the credential is there.
    this.keyId = pulumi.all([keyId.result, credential.id]).apply(([result]) => result);
    this.certificateDerBase64 = facts.derBase64;
    this.thumbprint = facts.thumbprint;
    this.certificateThumbprintSha256 = facts.thumbprintSha256;
    this.certificateNotBefore = facts.notBefore;
    this.certificateNotAfter = facts.notAfter;
    if (made !== undefined) {
      this.privateKeyPem = pulumi.secret(made.key.privateKeyPemPkcs8);
      this.pfxPassword = pulumi.secret(made.pfxPassword.result);
      this.pfxBase64 = encodeMadePfx(made, args.pfxEncoding, keyId.result);
    }
    this.registerOutputs({
      generation: this.generation,
      keyId: this.keyId,
      certificatePem: this.certificatePem,
      certificateDerBase64: this.certificateDerBase64,
      thumbprint: this.thumbprint,
      certificateThumbprintSha256: this.certificateThumbprintSha256,
      certificateNotBefore: this.certificateNotBefore,
      certificateNotAfter: this.certificateNotAfter,
      privateKeyPem: this.privateKeyPem,
      pfxBase64: this.pfxBase64,
      pfxPassword: this.pfxPassword,
    });
  }
}

/** What exists only where the key is made here. */
interface MadeCertificate {
  readonly key: tls.PrivateKey;
  readonly certificate: tls.SelfSignedCert;
  readonly pfxPassword: random.RandomPassword;
}

function makeCertificate(
  name: string,
  args: AppCertificateArgs,
  child: pulumi.CustomResourceOptions,
): MadeCertificate {
  const key = new tls.PrivateKey(
    `${name}-key`,
    { algorithm: "RSA", rsaBits: args.rsaBits },
    { ...child, ignoreChanges: ["algorithm", "rsaBits"] },
  );
  const certificate = new tls.SelfSignedCert(
    name,
    {
      privateKeyPem: key.privateKeyPem,
      subject: {
        commonName: pulumi.output(args.commonName).apply(commonNameOf),
      },
      validityPeriodHours: args.validityDays * 24,
      allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
      setSubjectKeyId: true,
    },
    { ...child, ignoreChanges: ["allowedUses", "setSubjectKeyId", "subject", "validityPeriodHours"] },
  );
  // Letters and digits alone: nothing that a shell, a pipeline or a keyboard layout changes. 32 of them hold 190 bits.
  const pfxPassword = new random.RandomPassword(
    `${name}-pfx-password`,
    { length: 32, special: false, keepers: { certificateId: certificate.id } },
    child,
  );
  return { key, certificate, pfxPassword };
}

/** The certificate as PEM; says where it cannot work now, without standing in the way of an update. */
function givenCertificate(
  name: string,
  { publicCertificate, acceptedSha256 }: AppCertificateArgs,
  component: AppCertificate,
): pulumi.Output<string> {
  return pulumi.output(publicCertificate).apply((text) => {
    const read = readPublicCertificate(text, acceptedSha256);
    if ("problem" in read)
      throw problemsError({
        subject: `AppCertificate "${name}"`,
        problems: [`\`publicCertificate\` ${read.problem}`],
      });
    for (const warning of certificateWarnings(read.certificate, new Date()))
      void pulumi.log.warn(visible(`The certificate ${warning}`), component);
    return read.certificate.toString();
  });
}

/** The key ID is unique to the key and stays in the state, which is all that the PFX's salt must be. */
function encodeMadePfx(
  { key, certificate, pfxPassword }: MadeCertificate,
  encoding: PfxEncoding,
  salt: pulumi.Output<string>,
): pulumi.Output<string> {
  const content = pulumi.output({
    privateKeyPem: key.privateKeyPemPkcs8,
    certificatePem: certificate.certPem,
    password: pfxPassword.result,
    salt,
  });
  return pulumi.secret(
    content.apply((known) =>
      ofCertificate(known.certificatePem, async (pem) => {
        // A third of what the component loads, so it is loaded while the engine works.
        const { encodePfx } = await import("../pfx/encodePfx.ts");
        const friendlyName = readCertificate(pem).commonName;
        return encodePfx({ ...known, friendlyName, encoding }).toString("base64");
      }),
    ),
  );
}

/** What is computed from a certificate; undefined under mocks that make none, as Pulumi's own outputs are then. */
function ofCertificate<T>(pem: string | undefined, compute: (pem: string) => T): T {
  return (pem === undefined ? undefined : compute(pem)) as T;
}
