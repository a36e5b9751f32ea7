import { X509Certificate } from "node:crypto";
import { brokenHash, minimumRsaBits, publicKeyOf } from "../../common/certificateWeakness.ts";
import { number, text, type KnownResource } from "../knownResource.ts";
import { type PolicyRule, numberOf } from "../rule.ts";
import { azuread, tls } from "../types.ts";

const certificateTypes: ReadonlySet<string> = new Set(
  ["ApplicationCertificate", "ServicePrincipalCertificate"].map(azuread),
);
const signedTypes: ReadonlySet<string> = new Set(["SelfSignedCert", "LocallySignedCert"].map(tls));

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The length of the RSA keys that tls makes if it is not told. */
const tlsRsaBits = 2048;

const replace = "Add a certificate with a stronger key, switch to it, and remove this one.";

/** How long certificates are valid, and how strong they are. */
export const certificateRules: readonly PolicyRule[] = [
  {
    name: "certificate-lifetime",
    description: "A certificate is valid for 365 days or fewer.",
    source: {
      title: "CISA MS.AAD.5.7",
      url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md#msaad57v1",
    },
    severity: "medium",
    level: "mandatory",
    settings: {
      days: { type: "integer", minimum: 1, default: 365, description: "The longest lifetime in days." },
    },
    checkResource: (resource, settings) => {
      const days = numberOf(settings, "days");
      const lifetime = lifetimeMs(resource);
      if (lifetime === undefined || lifetime <= days * dayMs) return [];
      return [
        {
          problem: `is valid for ${Math.ceil(lifetime / dayMs)} days, more than ${days}`,
          remedy: "Give the certificate a shorter lifetime.",
        },
      ];
    },
  },
  {
    name: "key-size",
    description: "An RSA key has 2048 bits or more.",
    source: {
      title: "NIST on key lengths",
      url: "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final",
    },
    severity: "high",
    level: "mandatory",
    settings: {
      rsaBits: {
        type: "integer",
        minimum: minimumRsaBits,
        default: minimumRsaBits,
        description: "The shortest RSA key in bits. Entra refuses shorter ones than the default.",
      },
    },
    checkResource: (resource, settings) => {
      const wanted = numberOf(settings, "rsaBits");
      const bits = rsaBits(resource);
      if (bits === undefined || bits >= wanted) return [];
      return [{ problem: `has an RSA key of ${bits} bits, fewer than ${wanted}`, remedy: replace }];
    },
  },
  {
    name: "certificate-signature",
    description: "No certificate is signed with SHA-1, or with an older hash.",
    source: {
      title: "NIST on hash functions",
      url: "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final",
    },
    severity: "medium",
    level: "mandatory",
    checkResource: (resource) => {
      const certificate = certificateOf(resource);
      const hash = certificate && brokenHash(certificate.raw);
      if (hash === undefined) return [];
      return [
        {
          problem: `is signed with ${hash}, which can be forged`,
          remedy: "Issue the certificate again with SHA-256, switch to it, and remove this one.",
        },
      ];
    },
  },
];

/** How long a certificate is valid; at least what is left of it if its start is hidden; undefined if nothing says. */
function lifetimeMs(resource: KnownResource): number | undefined {
  if (signedTypes.has(resource.type)) {
    const hours = number(resource, "validityPeriodHours");
    return hours === undefined ? undefined : hours * hourMs;
  }
  if (!certificateTypes.has(resource.type)) return undefined;
  const certificate = certificateOf(resource);
  const declared = declaredMs(resource);
  if (certificate === undefined) return declared;
  // The second in which it ends belongs to it, but no date says so.
  return certificate.validToDate.getTime() - certificate.validFromDate.getTime();
}

/** What the resource says of a certificate whose bytes nobody knows. */
function declaredMs(resource: KnownResource): number | undefined {
  const relative = text(resource, "endDateRelative");
  if (relative !== undefined) return goDurationMs(relative);
  const end = Date.parse(text(resource, "endDate") ?? "");
  const start = Date.parse(text(resource, "startDate") ?? "");
  if (Number.isNaN(end)) return undefined;
  return end - (Number.isNaN(start) ? Date.now() : start);
}

/** Of a duration as Go writes it, such as "8760h" or "1h30m". Source: time.ParseDuration. */
function goDurationMs(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: hourMs, m: 60_000, s: 1000, ms: 1 };
  return [...duration.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ms|[hms])/g)].reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (units[unit] ?? 0),
    0,
  );
}

function rsaBits(resource: KnownResource): number | undefined {
  if (resource.type === tls("PrivateKey"))
    return text(resource, "algorithm") === "RSA" ? (number(resource, "rsaBits") ?? tlsRsaBits) : undefined;
  const certificate = certificateOf(resource);
  return certificate && publicKeyOf(certificate)?.asymmetricKeyDetails?.modulusLength;
}

/** The certificate of a credential; undefined if it is not known yet, hidden in an export, or no certificate. */
function certificateOf(resource: KnownResource): X509Certificate | undefined {
  const value = certificateTypes.has(resource.type) ? text(resource, "value") : undefined;
  if (value === undefined) return undefined;
  const encoding = text(resource, "encoding") ?? "pem";
  try {
    return new X509Certificate(
      encoding === "pem" ? value : Buffer.from(value, encoding === "hex" ? "hex" : "base64"),
    );
  } catch {
    return undefined;
  }
}
