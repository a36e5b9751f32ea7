import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { generationName } from "../../common/generationName.ts";
import { readPublicCertificate } from "../certificate/publicCertificate.ts";
import { isDeferred, type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { mustBe, parse, record } from "./shape.ts";

/** One certificate on the application. It never changes. To change something, add the next generation. */
export interface CertificateGeneration {
  /** The generation's name: letters, digits, `.`, `_` and `-`, at most 40 characters. It is part of its resources' names. */
  readonly name: string;
  /**
   * A certificate that was created elsewhere (Key Vault, a company CA, `New-SelfSignedCertificate`), without its private
   * key. It can be PEM, PKCS#7 with one certificate, or the Base64 of its DER, which Windows exports as `.cer`. Its key never
   * enters Pulumi. It must be RSA of 2048 bits or more, and not signed with SHA-1 or MD5.
   *
   * @default - the component creates a key and a self-signed certificate
   */
  readonly publicCertificate?: pulumi.Input<string>;
  /**
   * SHA-256 of this generation's `publicCertificate`, in hexadecimal digits. It makes the component accept the certificate
   * even if its key is shorter than 2048 bits, or its signature uses SHA-1 or MD5. Each update then warns.
   *
   * @default - the component refuses such a certificate
   */
  readonly acceptedSha256?: string;
}

const generationsProblem = mustBe("list at least one generation", 'Give [{ name: "1" }], or leave it out.');
const Generations = v.optional(v.array(v.unknown(), generationsProblem));

const noGenerationProblem = mustBe(
  "list at least one generation, because the application has no `federatedCredentials`",
  'Give [{ name: "1" }], or leave it out.',
);
const OneGeneration = v.pipe(v.array(v.unknown()), v.minLength(1, noGenerationProblem));

const Generation = record(mustBe("be an object", 'Give { name: "1" }.'));

const acceptedSha256Problem = mustBe(
  "be the SHA-256 of the certificate, 64 hexadecimal digits",
  "Leave it out to see whether it is needed.",
);
const AcceptedSha256 = v.pipe(
  v.string(acceptedSha256Problem),
  v.regex(/^([\da-f]{2}[:\s]?){32}$/i, acceptedSha256Problem),
);

/**
 * Checks the generations; the first is the current one.
 *
 * @param mayBeEmpty whether something else than a certificate signs in
 */
export function resolveGenerations(
  value: unknown,
  defaults: readonly CertificateGeneration[],
  mayBeEmpty: boolean,
  report: ReportProblem,
): readonly CertificateGeneration[] {
  const path = "certificate.generations";
  const listed = parse(Generations, value, path, report);
  if (listed === undefined) return defaults;
  if (!mayBeEmpty && parse(OneGeneration, listed, path, report) === undefined) return defaults;
  const generations = listed.map((generation, index) =>
    resolveGeneration(generation, `${path}[${index}]`, report),
  );
  const names = generations.map((generation, index) => generation?.name.toLowerCase() ?? `(${index})`);
  reportRepeated(names, path, "name", report);
  return generations.filter((generation) => generation !== undefined);
}

function resolveGeneration(
  given: unknown,
  path: string,
  report: ReportProblem,
): CertificateGeneration | undefined {
  const value = parse(Generation, given, path, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${path}.`, report);
  const name = resolveName(value["name"], `${path}.name`, report);
  const acceptedSha256 = resolveAcceptedSha256(value, `${path}.acceptedSha256`, report);
  const publicCertificate = resolvePublicCertificate(
    value["publicCertificate"],
    acceptedSha256,
    `${path}.publicCertificate`,
    report,
  );
  if (name === undefined) return undefined;
  return {
    name,
    ...(publicCertificate !== undefined && { publicCertificate }),
    ...(acceptedSha256 !== undefined && { acceptedSha256 }),
  };
}

function resolveName(value: unknown, path: string, report: ReportProblem): string | undefined {
  const name = generationName(value);
  if (typeof name === "string" && /^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name)) return name;
  const isReadByYaml = ["number", "boolean"].includes(typeof name) || String(name).endsWith(" +0000 UTC");
  report(
    path,
    isReadByYaml
      ? `must be a text, got ${show(name)}, because YAML reads a name without quotes that way. Write the name in quotes.`
      : `must have 1 to 40 letters, digits, ".", "_" or "-", and begin with a letter or digit, got ${show(name)}. Give a name such as "1".`,
  );
  return undefined;
}

function resolveAcceptedSha256(
  { acceptedSha256: value, publicCertificate }: Record<string, unknown>,
  path: string,
  report: ReportProblem,
): string | undefined {
  if (value === undefined) return undefined;
  if (publicCertificate === undefined) {
    report(path, "does nothing without a `publicCertificate` next to it. Remove it.");
    return undefined;
  }
  return parse(AcceptedSha256, value, path, report);
}

function resolvePublicCertificate(
  value: unknown,
  acceptedSha256: string | undefined,
  path: string,
  report: ReportProblem,
): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value)) return value;
  const read = readPublicCertificate(value, acceptedSha256);
  if ("problem" in read) report(path, read.problem);
  return typeof value === "string" ? value : undefined;
}
