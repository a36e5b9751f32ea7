import * as pulumi from "@pulumi/pulumi";

import { publicKeySha256Of } from "../../common/certificate.ts";
import { visible } from "../../common/foreignText.ts";
import type { CertificateGeneration } from "../arguments/generationArguments.ts";
import { readPublicCertificate } from "./publicCertificate.ts";

/** Warns of generations that have one key, as soon as their certificates are known: to rotate brings no new key then. */
export function warnOfSharedKeys(
  generations: readonly CertificateGeneration[],
  component: pulumi.Resource,
): void {
  const given = generations.filter(({ publicCertificate }) => publicCertificate !== undefined);
  if (given.length < 2) return;
  pulumi.all(given.map(({ publicCertificate }) => publicCertificate)).apply((texts) => {
    const known = given.map(({ name, acceptedSha256 }, index) => {
      const read = readPublicCertificate(texts[index], acceptedSha256);
      return { name, key: "certificate" in read ? publicKeySha256Of(read.certificate.raw) : undefined };
    });
    for (const warning of sharedKeyWarnings(known)) void pulumi.log.warn(visible(warning), component);
  });
}

/** What to say of generations that have one key, a sentence for each such key. */
function sharedKeyWarnings(
  generations: readonly { readonly name: string; readonly key: string | undefined }[],
): readonly string[] {
  const keys = new Set(generations.flatMap(({ key }) => key ?? []));
  return [...keys]
    .map((key) => generations.filter((one) => one.key === key))
    .filter((shared) => shared.length > 1)
    .map((shared) => {
      const names = shared.map(({ name }) => `"${name}"`);
      return `The certificates of generations ${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""} have the same private key. If it is stolen, none of them is safe, and \`exo-auth revoke\` removes all of them. Create a new key for each generation.`;
    });
}
