import { counted } from "../../common/counted.ts";
import { isoDurationMs } from "../../common/isoDuration.ts";
import {
  type ExcludedActors,
  type OwnPolicy,
  type Restriction,
  restrictionsOf,
  type TenantPolicy,
} from "../tenant/appManagementPolicy.ts";
import type { Exemption } from "./exemption.ts";
import type { CheckResult } from "./checkResult.ts";
import { notChecked } from "./checkResult.ts";
import type { PlannedCertificate } from "./plannedCertificates.ts";

/** The rules that a certificate's application is under. */
export interface CertificateRules {
  /** The policy in words. */
  readonly policy: string;
  readonly restrictions: readonly Restriction[];
}

/** The rules for an application that has this policy of its own, or, without one, the tenant's. */
export function rulesOf(policy: TenantPolicy | OwnPolicy, made: Date): CertificateRules {
  const { policy: name, keyCredentials } = restrictionsOf(policy, made);
  return { policy: name, restrictions: keyCredentials };
}

/** Whether it depends on who asks if the rules let a certificate onto its application. */
export function dependsOnActor(
  certificate: PlannedCertificate,
  { policy, restrictions }: CertificateRules,
): boolean {
  return restrictions.some(
    (restriction) => restriction.excludeActors && refusal(certificate, restriction, policy),
  );
}

/** Whether the rules let a certificate onto its application. */
export function checkCertificate(
  certificate: PlannedCertificate,
  { policy, restrictions }: CertificateRules,
  exemption: (actors: ExcludedActors) => Exemption,
): readonly CheckResult[] {
  const findings = restrictions.flatMap((restriction): readonly CheckResult[] => {
    const refused = refusal(certificate, restriction, policy);
    if (refused === undefined) return [];
    const exempt = restriction.excludeActors ? exemption(restriction.excludeActors) : "notExempt";
    if (exempt === "exempt") return [];
    if (exempt === "notExempt" || refused.kind !== "obstacle") return [refused];
    return [
      notChecked(
        `whether the deploying identity is exempt from ${policy}, which refuses certificate "${certificate.name}" of others`,
        "CustomSecAttributeAssignment.Read.All",
      ),
    ];
  });
  return findings.length > 0 ? findings : [{ kind: "passed", message: `${policy} allows the certificate` }];
}

/** Why a restriction does not let a certificate pass, or that nobody knows; undefined where it does. */
function refusal(
  certificate: PlannedCertificate,
  { restrictionType, maxLifetime }: Restriction,
  policy: string,
): CheckResult | undefined {
  const { name, selfSigned, validityDays } = certificate;
  switch (restrictionType) {
    case "trustedCertificateAuthority":
      return selfSigned
        ? notTrusted(certificate, policy)
        : unknown(
            `whether ${policy} trusts the authority that certificate "${name}" is from`,
            "Ask the owner of the policy, which names the authorities.",
          );
    case "asymmetricKeyLifetime": {
      const maximumDays = daysOf(maxLifetime);
      if (maximumDays === undefined) return undefined;
      if (validityDays >= maximumDays) return overlong(certificate, maximumDays, policy);
      return selfSigned
        ? undefined
        : unknown(
            `whether certificate "${name}", ${remaining(validityDays)}, lasts less than ${maximumDays} in all, as ${policy} requires`,
            "See its dates: `openssl x509 -noout -dates`.",
          );
    }
    default:
      return unknown(
        `whether certificate "${name}" passes ${policy}, which has a restriction of the kind "${restrictionType}"`,
        "Ask the owner of the policy what it requires.",
      );
  }
}

function remaining(validityDays: number): string {
  return Number.isNaN(validityDays)
    ? "whose dates are secret"
    : `which has ${counted(Math.ceil(validityDays), "day")} left`;
}

/** Entra compares with "less than", so a certificate of just the maximum is refused. Source: CISA's MS.AAD.5.7. */
function overlong(
  { name, validityDays, selfSigned, alreadyMade }: PlannedCertificate,
  maximumDays: number,
  policy: string,
): CheckResult {
  const shorter = `Set \`certificate.validityDays\` to ${Math.ceil(maximumDays) - 1} or less`;
  const remedy = alreadyMade
    ? `${shorter}, and give the generation another name in \`certificate.generations\`: this one exists already.`
    : `${shorter}.`;
  return {
    kind: "obstacle",
    cause: "certificateTooLong",
    message: `Certificate "${name}" would last ${counted(Math.ceil(validityDays), "day")}, but ${policy} requires less than ${maximumDays}.`,
    remedy: selfSigned
      ? remedy
      : "Get a certificate with a shorter lifetime, and give it as `publicCertificate`.",
  };
}

function notTrusted({ name }: PlannedCertificate, policy: string): CheckResult {
  return {
    kind: "obstacle",
    cause: "certificateNotTrusted",
    message: `Certificate "${name}" would be self-signed, but ${policy} requires a trusted certificate authority.`,
    remedy:
      "Give a certificate of that authority as `certificate.generations[].publicCertificate`, or ask for an exemption of this application from the policy.",
  };
}

function unknown(what: string, remedy: string): CheckResult {
  return { kind: "warning", cause: "notChecked", message: `Not checked: ${what}.`, remedy };
}

function daysOf(duration: string | null | undefined): number | undefined {
  const milliseconds = isoDurationMs(duration ?? "");
  return milliseconds === undefined ? undefined : milliseconds / 86_400_000;
}
