import { PfxEncoding } from "../pfx/pfxContent.ts";
import { didYouMean, isRecord, type ReportProblem, show } from "../problems.ts";
import { isText } from "./applicationArguments.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { type CertificateGenerationArgs, resolveGenerations } from "./generationArguments.ts";

/** How the certificate is made. Everything but `generations` applies to generations that do not exist yet. */
export interface CertificateArgs {
  /**
   * The certificates that the application accepts. The first is the current one, whose values the outputs give.
   *
   * @default `[{ name: "1" }]`
   */
  readonly generations?: CertificateGenerationArgs[];
  /**
   * Lifetime in days, 1 to 730.
   *
   * @default 364 - one day below the 365 of CISA's policy MS.AAD.5.7, which Entra compares with "less than"
   */
  readonly validityDays?: number;
  /**
   * Size of the RSA key in bits: 2048, 3072 or 4096.
   *
   * @default 2048
   */
  readonly rsaBits?: number;
  /**
   * The common name of the certificate's subject and issuer, at most 64 characters.
   *
   * @default - the application's display name, cut at 64 characters
   */
  readonly commonName?: string;
  /**
   * How the PFX is encrypted: `compatible` (3DES, SHA-1; Windows Server 2016 and old .NET read it) or `modern` (AES-256,
   * SHA-256; Windows Server 2019 and newer). It may change at any time.
   *
   * @default "compatible"
   */
  readonly pfxEncoding?: PfxEncoding;
}

/** `CertificateArgs` with every default filled in. */
export interface CertificateSettings {
  readonly generations: readonly CertificateGenerationArgs[];
  readonly validityDays: number;
  readonly rsaBits: number;
  readonly commonName: string | undefined;
  readonly pfxEncoding: PfxEncoding;
}

const defaults: CertificateSettings = {
  generations: [{ name: "1" }],
  validityDays: 364,
  rsaBits: 2048,
  commonName: undefined,
  pfxEncoding: PfxEncoding.Compatible,
};

/** The longest lifetime that is accepted, in days. */
const maximumValidityDays = 730;

/** X.520's upper bound of a common name, in characters. */
const maximumCommonNameLength = 64;

/** A text as a common name: what is too long of it is cut off. */
export function commonNameOf(text: string): string {
  return Array.from(text).slice(0, maximumCommonNameLength).join("");
}

const rsaSizes: readonly number[] = [2048, 3072, 4096];

/** Checks the certificate's settings and fills in the defaults. */
export function resolveCertificate(args: unknown, report: ReportProblem): CertificateSettings {
  if (args === undefined) return defaults;
  if (!isRecord(args)) {
    report(
      "certificate",
      `must be an object, got ${show(args)}. Give { validityDays, rsaBits, … }, or leave it out.`,
    );
    return defaults;
  }
  reportUnknownKeys(args, "certificate.", report);
  const generations = resolveGenerations(args["generations"], defaults.generations, report);
  if (generations.every(({ publicCertificate }) => publicCertificate !== undefined)) {
    reportKeySettings(args, report);
  }
  return {
    generations,
    validityDays: resolveValidityDays(args["validityDays"], report),
    rsaBits: resolveRsaBits(args["rsaBits"], report),
    commonName: resolveCommonName(args["commonName"], report),
    pfxEncoding: resolvePfxEncoding(args["pfxEncoding"], report),
  };
}

/** Key settings have nothing to act on where every certificate was made elsewhere. */
function reportKeySettings(args: Record<string, unknown>, report: ReportProblem): void {
  for (const key of ["validityDays", "rsaBits", "commonName", "pfxEncoding"]) {
    if (args[key] === undefined) continue;
    report(
      `certificate.${key}`,
      "does nothing, as every generation has a `publicCertificate`. Remove one or the other.",
    );
  }
}

function resolveValidityDays(value: unknown, report: ReportProblem): number {
  if (value === undefined) return defaults.validityDays;
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maximumValidityDays)
    return Number(value);
  report(
    "certificate.validityDays",
    `must be a whole number of days from 1 to ${maximumValidityDays}, got ${show(value)}. Leave it out for ${defaults.validityDays}.`,
  );
  return defaults.validityDays;
}

function resolveRsaBits(value: unknown, report: ReportProblem): number {
  if (value === undefined) return defaults.rsaBits;
  if (typeof value === "number" && rsaSizes.includes(value)) return value;
  report(
    "certificate.rsaBits",
    `must be ${rsaSizes.slice(0, -1).join(", ")} or ${rsaSizes.at(-1)}, got ${show(value)}. Leave it out for ${defaults.rsaBits}.`,
  );
  return defaults.rsaBits;
}

function resolveCommonName(value: unknown, report: ReportProblem): string | undefined {
  if (value === undefined) return undefined;
  // A character may be two UTF-16 units.
  const isShort = isText(value, 2 * maximumCommonNameLength) && commonNameOf(value) === value;
  if (isShort && value.trim() !== "") return value;
  report(
    "certificate.commonName",
    `must have 1 to ${maximumCommonNameLength} characters, got ${show(value)}. Leave it out for the display name.`,
  );
  return undefined;
}

function resolvePfxEncoding(value: unknown, report: ReportProblem): PfxEncoding {
  const names: readonly PfxEncoding[] = Object.values(PfxEncoding);
  const known = names.find((name) => name === (value ?? defaults.pfxEncoding));
  if (known === undefined) {
    report(
      "certificate.pfxEncoding",
      `must be an encoding of a PFX, got ${show(value)}. ${didYouMean(value, names)}`,
    );
  }
  return known ?? defaults.pfxEncoding;
}
