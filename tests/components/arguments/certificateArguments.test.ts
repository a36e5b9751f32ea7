import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { commonNameOf } from "../../../components/arguments/certificateArguments.ts";
import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

const elsewhere = { name: "2", publicCertificate: pulumi.output("later") };
const defaults = {
  generations: [{ name: "1" }],
  validityDays: 364,
  rsaBits: 2048,
  commonName: undefined,
  pfxEncoding: "compatible",
};

function resolve(certificate: unknown) {
  const { settings, problems } = resolveArguments({ certificate } as object);
  return { ...settings.certificate, problems };
}

describe("settings of a key", () => {
  it.each([
    ["validityDays", 180],
    ["rsaBits", 4096],
    ["commonName", "mail"],
    ["pfxEncoding", "modern"],
  ])("`%s` does nothing where every certificate was made elsewhere", (key, value) => {
    expect(resolve({ generations: [elsewhere], [key]: value }).problems).toEqual([
      `\`certificate.${key}\` does nothing, because every generation has a \`publicCertificate\`. Remove one of the two.`,
    ]);
  });

  it("are of use where one certificate is made here", () => {
    expect(resolve({ generations: [{ name: "1" }, elsewhere], rsaBits: 4096 }).problems).toEqual([]);
  });

  it("are not said to do nothing where a generation's name is wrong", () => {
    expect(resolve({ generations: [{ name: "a b" }, elsewhere], rsaBits: 4096 }).problems).toEqual([
      '`certificate.generations[0].name` must have 1 to 40 letters, digits, ".", "_" or "-", and begin with a letter or digit, got "a b". Give a name such as "1".',
    ]);
  });

  it("need not be given with a certificate that was made elsewhere", () => {
    expect(resolve({ generations: [elsewhere] }).problems).toEqual([]);
  });
});

it.each<[unknown, object]>([
  [undefined, defaults],
  [{}, defaults],
  [{ validityDays: 1 }, { ...defaults, validityDays: 1 }],
  [{ validityDays: 730 }, { ...defaults, validityDays: 730 }],
  [{ rsaBits: 3072 }, { ...defaults, rsaBits: 3072 }],
  [{ rsaBits: 4096 }, { ...defaults, rsaBits: 4096 }],
  [{ commonName: "x".repeat(64) }, { ...defaults, commonName: "x".repeat(64) }],
  [{ commonName: "😀".repeat(64) }, { ...defaults, commonName: "😀".repeat(64) }],
  [{ pfxEncoding: "modern" }, { ...defaults, pfxEncoding: "modern" }],
])("takes %j", (certificate, settings) => {
  expect(resolve(certificate)).toEqual({ ...settings, problems: [] });
});

it.each<[unknown, string]>([
  [null, "`certificate` must be an object, got null. Give { validityDays, rsaBits, … }, or leave it out."],
  [
    { validityDays: null },
    "`certificate.validityDays` must be a whole number of days from 1 to 730, got null. Leave it out to use 364.",
  ],
  [
    { rsaBits: null },
    "`certificate.rsaBits` must be 2048, 3072 or 4096, got null. Leave it out to use 2048.",
  ],
  ...[" ", "x".repeat(65), "😀".repeat(65), 7, "\uD83D"].map((commonName): [unknown, string] => [
    { commonName },
    `\`certificate.commonName\` must have 1 to 64 characters, got ${shown(commonName)}. Leave it out to use the display name.`,
  ]),
  [
    { pfxEncoding: "moder" },
    '`certificate.pfxEncoding` must be an encoding of a PFX, got "moder". Did you mean "modern"?',
  ],
])("refuses %j, and goes on with the defaults", (certificate, problem) => {
  expect(resolve(certificate)).toEqual({ ...defaults, problems: [problem] });
});

it("a common name is cut at 64 characters, and none of them in half", () => {
  expect(commonNameOf(`${"x".repeat(63)}😀y`)).toBe(`${"x".repeat(63)}😀`);
  expect(commonNameOf("x".repeat(64))).toBe("x".repeat(64));
});

/** Longer texts are cut at 77 UTF-16 units. */
function shown(value: string | number): string {
  if (value === "😀".repeat(65)) return `"${"😀".repeat(38)}...`;
  return JSON.stringify(value);
}
