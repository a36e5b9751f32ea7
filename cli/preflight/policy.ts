import * as v from "valibot";
import type { Finding } from "./finding.ts";
import type { PlannedCertificate } from "./plan.ts";

/** What a tenant's default app management policy says about certificates (Graph, `tenantAppManagementPolicy`). */
export const AppManagementPolicy = v.object({
  isEnabled: v.boolean(),
  applicationRestrictions: v.nullish(
    v.object({
      keyCredentials: v.nullish(
        v.array(
          v.object({
            restrictionType: v.string(),
            state: v.nullish(v.string()),
            maxLifetime: v.nullish(v.string()),
            restrictForAppsCreatedAfterDateTime: v.nullish(v.string()),
          }),
        ),
      ),
    }),
  ),
});

/** Whether the policy lets the planned certificates onto an application that is made now. */
export function checkPolicy(
  policy: v.InferOutput<typeof AppManagementPolicy>,
  certificates: readonly PlannedCertificate[],
  now: Date,
): readonly Finding[] {
  const restrictions = (policy.applicationRestrictions?.keyCredentials ?? []).filter(
    ({ state, restrictForAppsCreatedAfterDateTime: since }) =>
      policy.isEnabled && state !== "disabled" && !(since && Date.parse(since) > now.getTime()),
  );
  const findings = certificates.flatMap((certificate) =>
    restrictions.flatMap(({ restrictionType, maxLifetime }): Finding[] => {
      if (restrictionType === "trustedCertificateAuthority")
        return certificate.selfSigned ? [notTrusted(certificate)] : [];
      const maximumDays = maxLifetime ? durationDays(maxLifetime) : undefined;
      const tooLong = maximumDays !== undefined && certificate.validityDays >= maximumDays;
      return restrictionType === "asymmetricKeyLifetime" && tooLong
        ? [overlong(certificate, maximumDays)]
        : [];
    }),
  );
  return findings.length > 0
    ? findings
    : [{ kind: "passed", message: "the tenant's app management policy allows the certificate" }];
}

/** Entra compares with "less than", so a certificate of just the maximum is refused. Source: CISA's MS.AAD.5.7. */
function overlong({ name, validityDays, selfSigned }: PlannedCertificate, maximumDays: number): Finding {
  return {
    kind: "obstacle",
    cause: "certificateTooLong",
    message: `Certificate "${name}" is to last ${Math.ceil(validityDays)} days, and the tenant's app management policy wants less than ${maximumDays}.`,
    remedy: selfSigned
      ? `Set \`certificate.validityDays\` to ${Math.ceil(maximumDays) - 1} or less.`
      : "Have a shorter one made, and give that as `publicCertificate`.",
  };
}

function notTrusted({ name }: PlannedCertificate): Finding {
  return {
    kind: "obstacle",
    cause: "certificateNotTrusted",
    message: `Certificate "${name}" is to be self-signed, and the tenant's app management policy wants a trusted certificate authority.`,
    remedy:
      "Give a certificate of that authority as `certificate.generations[].publicCertificate`, or have this application excepted from the policy.",
  };
}

const secondsIn = { Y: 31_536_000, M: 2_592_000, W: 604_800, D: 86_400 } as const;
const secondsInTime = { H: 3600, M: 60, S: 1 } as const;

/** An ISO 8601 duration in days, with months of 30 and years of 365 days; undefined where it is none. */
function durationDays(text: string): number | undefined {
  const match = /^P((?:\d+[YMWD])*)(?:T((?:[\d.]+[HMS])+))?$/.exec(text);
  return match ? (seconds(match[1], secondsIn) + seconds(match[2], secondsInTime)) / secondsIn.D : undefined;
}

function seconds(part: string | undefined, units: Readonly<Record<string, number>>): number {
  const counts = [...(part ?? "").matchAll(/([\d.]+)([A-Z])/g)];
  return counts.reduce((total, [, count, unit]) => total + Number(count) * (units[unit ?? ""] ?? 0), 0);
}
