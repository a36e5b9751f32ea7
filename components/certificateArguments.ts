import { isRecord, type Report, reportRepeated, reportUnknownKeys, show } from "./problems.ts";

/** One certificate on the application. It never changes: what has to change comes with the next generation. */
export interface CertificateGenerationArgs {
  /** The generation's name, which its resources carry: letters, digits, `.`, `_` and `-`, at most 40 characters. */
  readonly name: string;
}

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
}

/** `CertificateArgs` with every default filled in. */
export interface CertificateSettings {
  readonly generations: readonly CertificateGenerationArgs[];
  readonly validityDays: number;
  readonly rsaBits: number;
  readonly commonName: string | undefined;
}

const defaults: CertificateSettings = {
  generations: [{ name: "1" }],
  validityDays: 364,
  rsaBits: 2048,
  commonName: undefined,
};

/** The longest lifetime that is accepted, in days. */
const maximumValidityDays = 730;

/** X.520's upper bound of a common name. */
export const maximumCommonNameLength = 64;

const rsaSizes: readonly number[] = [2048, 3072, 4096];

/** Checks the certificate's settings and fills in the defaults. */
export function resolveCertificate(args: unknown, report: Report): CertificateSettings {
  if (args === undefined) return defaults;
  if (!isRecord(args)) {
    report(
      "certificate",
      `is no object, got ${show(args)}. Give { validityDays, rsaBits, … }, or leave it out.`,
    );
    return defaults;
  }
  reportUnknownKeys(args, Object.keys(defaults), "certificate.", report);
  return {
    generations: resolveGenerations(args["generations"], report),
    validityDays: resolveValidityDays(args["validityDays"], report),
    rsaBits: resolveRsaBits(args["rsaBits"], report),
    commonName: resolveCommonName(args["commonName"], report),
  };
}

function resolveGenerations(value: unknown, report: Report): readonly CertificateGenerationArgs[] {
  const path = "certificate.generations";
  if (value === undefined) return defaults.generations;
  if (!Array.isArray(value) || value.length === 0) {
    report(
      path,
      `must list at least one generation, got ${show(value)}. Give [{ name: "1" }], or leave it out.`,
    );
    return defaults.generations;
  }
  const generations = value.map((generation: unknown, index) => {
    const name = isRecord(generation) ? generation["name"] : undefined;
    if (isRecord(generation)) reportUnknownKeys(generation, ["name"], `${path}[${index}].`, report);
    if (typeof name === "string" && /^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name)) return { name };
    report(
      `${path}[${index}].name`,
      `is no generation name, got ${show(name)}. Use 1 to 40 letters, digits, ".", "_" or "-", beginning with a letter or digit.`,
    );
    return { name: `(${index})` };
  });
  reportRepeated(
    generations.map(({ name }) => name.toLowerCase()),
    path,
    "name",
    report,
  );
  return generations;
}

function resolveValidityDays(value: unknown, report: Report): number {
  if (value === undefined) return defaults.validityDays;
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maximumValidityDays)
    return Number(value);
  report(
    "certificate.validityDays",
    `must be a whole number of days from 1 to ${maximumValidityDays}, got ${show(value)}. Leave it out for ${defaults.validityDays}.`,
  );
  return defaults.validityDays;
}

function resolveRsaBits(value: unknown, report: Report): number {
  if (value === undefined) return defaults.rsaBits;
  if (typeof value === "number" && rsaSizes.includes(value)) return value;
  report(
    "certificate.rsaBits",
    `must be ${rsaSizes.slice(0, -1).join(", ")} or ${rsaSizes.at(-1)}, got ${show(value)}. Leave it out for ${defaults.rsaBits}.`,
  );
  return defaults.rsaBits;
}

function resolveCommonName(value: unknown, report: Report): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.trim() !== "" && value.length <= maximumCommonNameLength)
    return value;
  report(
    "certificate.commonName",
    `must have 1 to ${maximumCommonNameLength} characters, got ${show(value)}. Leave it out for the display name.`,
  );
  return undefined;
}
