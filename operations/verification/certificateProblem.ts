import type { CertificateFacts } from "../../common/certificate.ts";
import { timeInWords } from "../../common/time.ts";
import type { Problem } from "./problem.ts";

/** What makes a certificate useless before anyone is asked. */
export function certificateProblem(certificate: CertificateFacts, now: Date): Problem | undefined {
  const { thumbprint, notBefore, notAfter } = certificate;
  if (now > new Date(notAfter)) {
    return {
      cause: "certificateExpired",
      message: `The certificate ${thumbprint} expired at ${timeInWords(notAfter)}.`,
      remedy:
        "Add a generation, as docs/rotation.md shows, run `pulumi up`, and bring the new certificate to the host.",
      passing: false,
    };
  }
  if (now < new Date(notBefore)) {
    return {
      cause: "certificateNotYetValid",
      message: `The certificate ${thumbprint} begins at ${timeInWords(notBefore)}, but this machine's clock reads ${timeInWords(now)}.`,
      remedy: "Correct this machine's clock, or wait.",
      passing: true,
    };
  }
  return undefined;
}
