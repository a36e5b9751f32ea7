import { X509Certificate } from "node:crypto";
import { endInWords, timeInWords, timeText } from "../../common/time.ts";
import { readPublicCertificate } from "../../components/certificate/publicCertificate.ts";
import { type KeyCredential, noId } from "../../graph/objects.ts";
import type { FoundApplication } from "./readFound.ts";
import type { Undeclared } from "./undeclared.ts";

/** A generation as the settings have it, with the credential that it takes over. */
export interface AdoptedGeneration {
  readonly name: string;
  /** The Base64 of the DER; absent where Pulumi makes the certificate. */
  readonly publicCertificate?: string;
  readonly acceptedSha256?: string;
}

/**
 * The certificates on an application as generations: those that are valid first, and of these the one that lasts longest.
 * Where none is valid, a new one comes before them.
 */
export function adoptedGenerations(
  { application, servicePrincipal, keyCredentials }: FoundApplication,
  now: Date,
): { readonly generations: readonly AdoptedGeneration[]; readonly undeclared: readonly Undeclared[] } {
  const read = keyCredentials.map((credential) => readCredential(credential));
  const adopted = read.flatMap((one) => ("generation" in one ? [one] : []));
  const isValid = ({ certificate }: (typeof adopted)[number]): boolean =>
    certificate.validFromDate <= now && now < certificate.validToDate;
  const byEnd = adopted.toSorted((a, b) => +b.certificate.validToDate - +a.certificate.validToDate);
  const valid = byEnd.filter(isValid);
  const generations = [...valid, ...byEnd.filter((one) => !isValid(one))].map(({ generation }) => generation);
  const choice = "accept it in .exo-auth, or remove it when nothing uses it";
  return {
    generations: generations.length > 0 && valid.length === 0 ? [{ name: "1" }, ...generations] : generations,
    undeclared: [
      ...read.flatMap((one) => ("undeclared" in one ? [{ title: one.undeclared, choice }] : [])),
      ...secretsOf(application, "the application"),
      ...secretsOf(servicePrincipal, "the service principal"),
      ...servicePrincipal.keyCredentials.map(({ keyId }) => ({
        title: `certificate ${keyId} on the service principal`,
        choice,
      })),
    ],
  };

  function secretsOf(object: FoundApplication["application"], where: string): readonly Undeclared[] {
    return (object?.passwordCredentials ?? []).map(({ keyId, displayName, endDateTime }) => ({
      title: `secret "${displayName ?? "unnamed"}" (${keyId}) on ${where}, ${endInWords(endDateTime)}`,
      choice,
    }));
  }
}

/** The name of the generation that takes over a credential. */
export function adoptedName(keyId: string): string {
  return `adopted-${keyId.slice(0, 8).toLowerCase()}`;
}

type Read =
  | { readonly generation: AdoptedGeneration; readonly certificate: X509Certificate }
  | { readonly undeclared: string };

function readCredential({ keyId, key, type, usage, endDateTime }: KeyCredential): Read {
  const what = `certificate ${keyId} on the application`;
  if (type !== "AsymmetricX509Cert" || usage !== "Verify" || keyId === noId)
    return { undeclared: `${what}, which does not sign in (${type ?? "no type"}, ${usage ?? "no usage"})` };
  const certificate = certificateOf(key);
  if (certificate === undefined) return { undeclared: `${what}, whose bytes Microsoft Graph did not give` };
  const publicCertificate = certificate.raw.toString("base64");
  const acceptedSha256 = certificate.fingerprint256.replaceAll(":", "");
  const read = readPublicCertificate(publicCertificate, acceptedSha256);
  if ("problem" in read) return { undeclared: `${what}, which ${read.problem}` };
  const isWeak = "problem" in readPublicCertificate(publicCertificate);
  const end = timeText(certificate.validToDate);
  // The plugin would replace a credential that ends at another time than it is told.
  if (endDateTime && timeText(new Date(endDateTime)) !== end)
    return {
      undeclared: `${what}, whose end in Entra (${timeInWords(endDateTime)}) is not that of the certificate (${timeInWords(end)})`,
    };
  return {
    generation: {
      name: adoptedName(keyId),
      publicCertificate,
      ...(isWeak && { acceptedSha256 }),
    },
    certificate,
  };
}

/** Some tools upload the Base64 of the PEM. */
function certificateOf(key: string | null | undefined): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(key ?? "", "base64"));
  } catch {
    return undefined;
  }
}
