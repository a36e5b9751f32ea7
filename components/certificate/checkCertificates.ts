import * as pulumi from "@pulumi/pulumi";

import type { CertificateGeneration } from "../arguments/generationArguments.ts";
import { problemsError } from "../problems.ts";
import { readPublicCertificate } from "./publicCertificate.ts";

/**
 * The generations with each certificate that comes as an `Output` checked as soon as it is known: in a preview, or
 * during the update, before anything is created that waits for it.
 */
export function checkCertificates(
  subject: string,
  generations: readonly CertificateGeneration[],
): readonly CertificateGeneration[] {
  return generations.map((generation, index) => {
    const { publicCertificate, acceptedSha256 } = generation;
    if (publicCertificate === undefined || typeof publicCertificate === "string") return generation;
    const checked = pulumi.output(publicCertificate).apply((text) => {
      const read = readPublicCertificate(text, acceptedSha256);
      if ("certificate" in read) return text;
      const path = `certificate.generations[${index}].publicCertificate`;
      throw problemsError({ subject, problems: [`\`${path}\` ${read.problem}`] });
    });
    return { ...generation, publicCertificate: checked };
  });
}
