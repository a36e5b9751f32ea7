import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";
import { makeKeyPair } from "../mocks.ts";

let publicCertificate: string;
let sha256: string;
beforeAll(() => {
  publicCertificate = makeKeyPair("/CN=elsewhere", 300).certificatePem;
  sha256 = new X509Certificate(publicCertificate).fingerprint256;
});

const atGeneration = "`certificate.generations[0]";

function resolve(generations: unknown) {
  const { settings, problems } = resolveArguments({ certificate: { generations } } as object);
  return { generations: settings.certificate.generations, problems };
}

describe("a name", () => {
  it.each(["1", "A", "a.b_c-D", "x".repeat(40), "2026-01-05"])("%j", (name) => {
    expect(resolve([{ name }])).toStrictEqual({ generations: [{ name }], problems: [] });
  });

  it.each([".a", "_a", "a ", "a/b", "a\n", null])("not %j", (name) => {
    expect(resolve([{ name }, { name: "2" }])).toEqual({
      generations: [{ name: "2" }],
      problems: [
        `${atGeneration}.name\` must have 1 to 40 letters, digits, ".", "_" or "-", and begin with a letter or digit, got ${JSON.stringify(name)}. Give a name such as "1".`,
      ],
    });
  });

  it.each([1.5, true, "2026-01-05 10:00:00 +0000 UTC"])("not %j, which YAML made of a text", (name) => {
    expect(resolve([{ name }]).problems).toEqual([
      `${atGeneration}.name\` must be a text, got ${JSON.stringify(name)}, because YAML reads a name without quotes that way. Write the name in quotes.`,
    ]);
  });
});

it("takes a certificate that was made elsewhere, with the fingerprint that accepts it", () => {
  for (const acceptedSha256 of [undefined, sha256, sha256.replaceAll(":", "").toLowerCase()]) {
    const generation = { name: "1", publicCertificate, ...(acceptedSha256 && { acceptedSha256 }) };
    expect(resolve([generation])).toEqual({ generations: [generation], problems: [] });
  }
});

it("takes a certificate that is known later", () => {
  const generation = { name: "1", publicCertificate: pulumi.output(""), acceptedSha256: sha256 };
  expect(resolve([generation])).toEqual({ generations: [generation], problems: [] });
});

it.each<[() => object, string]>([
  [
    () => ({ publicCertificate: "" }),
    "publicCertificate` is empty. Give its PEM, or the Base64 of the .cer file that Windows exports.",
  ],
  [
    () => ({ publicCertificate: 7 }),
    "publicCertificate` must be a text, got number. Give its PEM, or the Base64 of the .cer file that Windows exports.",
  ],
  [
    () => ({ acceptedSha256: sha256 }),
    "acceptedSha256` does nothing without a `publicCertificate` next to it. Remove it.",
  ],
  [
    () => ({ publicCertificate, acceptedSha256: "ab" }),
    'acceptedSha256` must be the SHA-256 of the certificate, 64 hexadecimal digits, got "ab". Leave it out to see whether it is needed.',
  ],
  [
    () => ({ publicCertificate, acceptedSha256: `${"a".repeat(64)}0` }),
    `acceptedSha256\` must be the SHA-256 of the certificate, 64 hexadecimal digits, got "${"a".repeat(64)}0". Leave it out to see whether it is needed.`,
  ],
  [
    () => ({ publicCertificate, acceptedSha256: `0x${"a".repeat(64)}` }),
    `acceptedSha256\` must be the SHA-256 of the certificate, 64 hexadecimal digits, got "0x${"a".repeat(64)}". Leave it out to see whether it is needed.`,
  ],
  [
    () => ({ publicCertificate, acceptedSha256: 7 }),
    "acceptedSha256` must be the SHA-256 of the certificate, 64 hexadecimal digits, got 7. Leave it out to see whether it is needed.",
  ],
])("refuses a certificate, case %#", (generation, problem) => {
  expect(resolve([{ name: "1", ...generation() }]).problems).toEqual([`${atGeneration}.${problem}`]);
});

it("what is refused is left out, and the rest is kept", () => {
  expect(
    resolve([
      { name: "1", publicCertificate: 7 },
      { name: "2", acceptedSha256: sha256 },
    ]).generations,
  ).toEqual([{ name: "1" }, { name: "2" }]);
  expect(resolve([7, { name: "2" }, 7])).toEqual({
    generations: [{ name: "2" }],
    problems: [
      `${atGeneration}\` must be an object, got 7. Give { name: "1" }.`,
      '`certificate.generations[2]` must be an object, got 7. Give { name: "1" }.',
    ],
  });
});

it.each([{ name: "1" }, "1", null])("%j is not a list of generations", (generations) => {
  expect(resolve(generations)).toEqual({
    generations: [{ name: "1" }],
    problems: [
      `\`certificate.generations\` must list at least one generation, got ${JSON.stringify(generations)}. Give [{ name: "1" }], or leave it out.`,
    ],
  });
});
