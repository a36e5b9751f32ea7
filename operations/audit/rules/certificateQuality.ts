import { counted } from "../../../common/counted.ts";
import { X509Certificate } from "node:crypto";
import { timeInWords } from "../../../common/time.ts";
import { validityAdvice } from "../../../components/certificate/publicCertificate.ts";
import { weaknessOf } from "../../../common/certificateWeakness.ts";
import type { AuditRule, ObservedItem } from "../rule.ts";
import { readsOne } from "../rule.ts";
import { keys } from "./credentials.ts";
import { applicationPart, principalPart } from "./parts.ts";

/** What to do about such a certificate, whose removal is for its owner to decide. */
const otherRemedy =
  "add a generation with a better certificate, switch to it, and remove this one (docs/rotation.md)";

/** Certificates that should not stay, whoever declared them. */
export const certificateQualityRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-CERTIFICATE-WEAK",
    title: "Certificate with a weak key or signature",
    severity: "medium",
    why: "Somebody can break its key or its signature, or Entra refuses it. `acceptedSha256` only permits the deployment.",
    source: "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final",
    reads: readsOfBoth(whileValid(weaknessOf)),
    otherRemedy,
  },
  {
    id: "EXO-AUDIT-CERTIFICATE-LONG",
    title: "Certificate with a longer lifetime than CISA advises",
    severity: "low",
    why: "If somebody copies the key unseen, it signs in until the certificate ends.",
    source: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md",
    reads: readsOfBoth(
      whileValid(({ validFromDate, validToDate }) => {
        const days = Math.round((validToDate.getTime() - validFromDate.getTime()) / 86_400_000);
        const advice = validityAdvice(days);
        return advice && `is valid for ${counted(days, "day")}. ${advice.replace(/\.$/, "")}`;
      }),
    ),
    otherRemedy,
  },
  {
    id: "EXO-AUDIT-CERTIFICATE-EXPIRED",
    title: "Certificate that has ended",
    severity: "low",
    why: "Nothing signs in with it any more, and it hides among the credentials that count.",
    source:
      "https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-remove-unused-credential-from-apps",
    reads: readsOfBoth(({ validToDate }, now) =>
      now < validToDate ? undefined : `ended on ${timeInWords(validToDate)}`,
    ),
    otherRemedy:
      "if the stack declares it, remove its generation and run `pulumi up`. If not, remove it from the application",
  },
];

/** What is wrong with a certificate, as the end of a sentence; undefined where nothing is. */
type ProblemOf = (certificate: X509Certificate, now: Date) => string | undefined;

/** Asks only of certificates that have not ended: the others sign in no more. */
function whileValid(problemOf: ProblemOf): ProblemOf {
  return (certificate, now) => (now < certificate.validToDate ? problemOf(certificate, now) : undefined);
}

/** Looks at the certificates of both objects. */
function readsOfBoth(problemOf: ProblemOf): AuditRule["reads"] {
  return [applicationPart, principalPart].map((part) =>
    readsOne(part, keys, ({ keyCredentials }, { now }) => ({
      items: keyCredentials
        .flatMap(({ key }) => certificateOf(key) ?? [])
        .flatMap((certificate): readonly ObservedItem[] => {
          const problem = problemOf(certificate, now);
          const sha256 = certificate.fingerprint256.replaceAll(":", "");
          return problem === undefined
            ? []
            : [{ key: sha256, found: `SHA-256 ${sha256} ${problem}`, declared: "not compared" }];
        }),
    })),
  );
}

/** A credential's certificate; undefined where its bytes are hidden or no certificate. */
function certificateOf(key: string | null | undefined): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(key ?? "", "base64"));
  } catch {
    return undefined;
  }
}
