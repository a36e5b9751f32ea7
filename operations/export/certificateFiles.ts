import { usageFailure } from "../../common/failure.ts";
import { requireCertificate } from "../../stack/certifiedComponent.ts";
import { type Generation, type StackComponent } from "../../stack/components.ts";

/** A file that a host or a pipeline can use. */
export interface CertificateFile {
  /** The end of its name, with the dot. */
  readonly extension: ".cer" | ".pem" | ".pfx" | ".pfx-password.txt";
  readonly content: string | Uint8Array;
  readonly isSecret: boolean;
}

/** Everything that there is of a certificate; without its key where that was made elsewhere. */
export function certificateFiles(generation: Generation): readonly CertificateFile[] {
  const { certificateDerBase64, certificatePem, privateKeyPem, pfxBase64, pfxPassword } = generation;
  const cer: CertificateFile = {
    extension: ".cer",
    content: Buffer.from(certificateDerBase64, "base64"),
    isSecret: false,
  };
  if (privateKeyPem === undefined || pfxBase64 === undefined || pfxPassword === undefined) return [cer];
  return [
    cer,
    { extension: ".pfx", content: Buffer.from(pfxBase64, "base64"), isSecret: true },
    { extension: ".pfx-password.txt", content: pfxPassword, isSecret: true },
    { extension: ".pem", content: `${privateKeyPem.trim()}\n${certificatePem.trim()}\n`, isSecret: true },
  ];
}

const pipeFormats = ["certificate", "pem", "pfx", "pfx-password"] as const;

/**
 * What `--stdout` prints.
 *
 * @param isTerminal whether people read along
 * @throws Failure for an unknown form, a key that is elsewhere, and a secret on a terminal that was not forced
 */
export function pipeCertificate(
  component: StackComponent,
  format: string,
  isTerminal: boolean,
  force: boolean,
): string {
  const known = pipeFormats.find((name) => name === format);
  if (known === undefined) {
    throw usageFailure(`--stdout must be one of ${pipeFormats.join(", ")}, got "${format}".`);
  }
  if (isTerminal && known !== "certificate" && !force) {
    throw usageFailure(
      `--stdout ${known} would show a secret on the terminal. Send it to a pipe or a file, or use --force.`,
    );
  }
  const text = pipeText(requireCertificate(component).generations[0], known);
  if (text !== undefined) return text;
  throw usageFailure(
    `Component "${component.name}" has no ${known}: its key was created elsewhere. Only --stdout certificate is available.`,
  );
}

/** A certificate in a form for pipes; undefined where there is no key. The PFX is Base64, as stores of secrets want text. */
function pipeText(generation: Generation, format: (typeof pipeFormats)[number]): string | undefined {
  const { certificatePem, privateKeyPem, pfxBase64, pfxPassword } = generation;
  switch (format) {
    case "certificate":
      return `${certificatePem.trim()}\n`;
    case "pem":
      return privateKeyPem && `${privateKeyPem.trim()}\n${certificatePem.trim()}\n`;
    case "pfx":
      return pfxBase64;
    default:
      return pfxPassword;
  }
}
