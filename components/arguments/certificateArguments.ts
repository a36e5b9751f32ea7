import * as v from "valibot";

import { PfxEncoding } from "../pfx/pfxContent.ts";
import { isRecord, type ReportProblem } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { type CertificateGeneration, resolveGenerations } from "./generationArguments.ts";
import { mustBe, oneOf, parse, record, textUpTo } from "./shape.ts";

/**
 * How certificates are created. A change of `validityDays`, `rsaBits` or `commonName` applies to the next generation, and
 * leaves existing certificates as they are.
 */
export interface Certificate {
  /**
   * The certificates that the application accepts. The first one is the current one: the outputs have its values. `[]`
   * creates no key and no certificate. It needs `federatedCredentials`, and the outputs about a certificate are missing.
   *
   * @default `[{ name: "1" }]`
   */
  readonly generations?: CertificateGeneration[];
  /**
   * Lifetime in days, 1 to 730.
   *
   * @default 364 - one day less than the 365 of CISA's policy MS.AAD.5.7, because Entra compares with "less than"
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
   * How the PFX is encrypted: `compatible` (triple DES and SHA-1, which Windows Server 2016 and old .NET can read) or
   * `modern` (AES-256 and SHA-256, for Windows Server 2019 and newer). You can change it at any time.
   *
   * @default "compatible"
   */
  readonly pfxEncoding?: PfxEncoding;
}

/** `Certificate` with every default filled in. */
export interface CertificateSettings {
  readonly generations: readonly CertificateGeneration[];
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

const CertificateObject = record(
  mustBe("be an object", "Give { validityDays, rsaBits, … }, or leave it out."),
);

const validityDaysProblem = mustBe(
  `be a whole number of days from 1 to ${maximumValidityDays}`,
  `Leave it out to use ${defaults.validityDays}.`,
);
const ValidityDays = v.optional(
  v.pipe(
    v.number(validityDaysProblem),
    v.integer(validityDaysProblem),
    v.minValue(1, validityDaysProblem),
    v.maxValue(maximumValidityDays, validityDaysProblem),
  ),
  defaults.validityDays,
);

const rsaSizes: readonly number[] = [2048, 3072, 4096];
const RsaBits = v.optional(
  v.picklist(rsaSizes, mustBe("be 2048, 3072 or 4096", `Leave it out to use ${defaults.rsaBits}.`)),
  defaults.rsaBits,
);

const commonNameProblem = mustBe(
  `have 1 to ${maximumCommonNameLength} characters`,
  "Leave it out to use the display name.",
);
const CommonName = v.optional(
  v.pipe(
    // A character may be two UTF-16 units.
    textUpTo(2 * maximumCommonNameLength, commonNameProblem),
    v.check((name) => commonNameOf(name) === name && name.trim() !== "", commonNameProblem),
  ),
);

const Encoding = oneOf(Object.values(PfxEncoding), "an encoding of a PFX", defaults.pfxEncoding);

/** Checks the certificate's settings and fills in the defaults. */
export function resolveCertificate(
  value: unknown,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
  report: ReportProblem,
): CertificateSettings {
  const args = value === undefined ? undefined : parse(CertificateObject, value, "certificate", report);
  if (args === undefined) return defaults;
  reportUnknownKeys(args, "certificate.", report);
  const generations = resolveGenerations(args["generations"], defaults.generations, mayBeEmpty, report);
  const listed: readonly unknown[] = Array.isArray(args["generations"]) ? args["generations"] : generations;
  if (listed.every((one) => isRecord(one) && one["publicCertificate"] !== undefined)) {
    reportKeySettings(args, listed.length === 0, report);
  }
  const { validityDays, rsaBits, commonName, pfxEncoding } = args;
  return {
    generations,
    validityDays:
      parse(ValidityDays, validityDays, "certificate.validityDays", report) ?? defaults.validityDays,
    rsaBits: parse(RsaBits, rsaBits, "certificate.rsaBits", report) ?? defaults.rsaBits,
    commonName: parse(CommonName, commonName, "certificate.commonName", report),
    pfxEncoding: parse(Encoding, pfxEncoding, "certificate.pfxEncoding", report) ?? defaults.pfxEncoding,
  };
}

/** Key settings have nothing to act on where every certificate was made elsewhere, or there is none. */
function reportKeySettings(args: Record<string, unknown>, isEmpty: boolean, report: ReportProblem): void {
  const why = isEmpty ? "there is no generation" : "every generation has a `publicCertificate`";
  for (const key of ["validityDays", "rsaBits", "commonName", "pfxEncoding"]) {
    if (args[key] === undefined) continue;
    report(`certificate.${key}`, `does nothing, because ${why}. Remove one of the two.`);
  }
}
