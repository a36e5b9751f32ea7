/** How a program writes generations down. */
interface Notation {
  /** The argument that lists them. */
  readonly argument: string;
  readonly list: (names: readonly string[]) => string;
  /** One that was created elsewhere. */
  readonly supplied: (name: string) => string;
}

/** TypeScript's, in which settings files and programs in YAML are read just as well. */
const common: Notation = {
  argument: "`certificate.generations`",
  list: (names) => `[${names.map((name) => `{ name: "${name}" }`).join(", ")}]`,
  supplied: (name) => `{ name: "${name}", publicCertificate: "…" }`,
};

/** By the name that Pulumi gives the language, where it is not the common one. */
const notations: ReadonlyMap<string | undefined, Notation> = new Map([
  [
    "python",
    {
      argument: "`generations` of `certificate`",
      list: (names) => `\`[${names.map((name) => `CertificateGenerationArgs(name="${name}")`).join(", ")}]\``,
      supplied: (name) => `\`CertificateGenerationArgs(name="${name}", public_certificate="…")\``,
    },
  ],
  [
    "go",
    {
      argument: "`Generations` of `Certificate`",
      list: (names) =>
        `\`[]exchangeauth.CertificateGenerationArgs{${names.map((name) => `{Name: "${name}"}`).join(", ")}}\``,
      supplied: (name) => `\`{Name: "${name}", PublicCertificate: pulumi.String("…")}\``,
    },
  ],
]);

/**
 * How a program writes generations down.
 *
 * @param language the program's; undefined where a settings file lists them
 */
export function notationOf(language: string | undefined): Notation {
  return notations.get(language) ?? common;
}
