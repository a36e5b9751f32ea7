import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test, vi } from "vitest";

import { warnOfSharedKeys } from "../../../components/certificate/sharedKeys.ts";
import { type KeyPair, makeKeyPair, mockPulumi } from "../mocks.ts";

let one: KeyPair;
let other: KeyPair;
beforeAll(() => {
  one = makeKeyPair();
  other = makeKeyPair();
});

async function warned(
  generations: (one: string, other: string) => Parameters<typeof warnOfSharedKeys>[0],
): Promise<readonly string[]> {
  await mockPulumi();
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const component = new pulumi.ComponentResource("a:b:C", "c");
  warnOfSharedKeys(generations(one.certificatePem, other.certificatePem), component);
  await new Promise((resolve) => setImmediate(resolve));
  return vi.mocked(pulumi.log.warn).mock.calls.map(([text]) => text);
}

const advice =
  "If it is stolen, none of them is safe, and `exo-auth revoke` removes all of them. Create a new key for each generation.";

test("generations with one key are named together, also where an output has the certificate", async () => {
  const texts = await warned((same, another) => [
    { name: "3", publicCertificate: same },
    { name: "new", publicCertificate: another },
    { name: "2", publicCertificate: pulumi.output(same) },
    { name: "made here" },
    { name: "\u001b1", publicCertificate: same },
  ]);
  expect(texts).toEqual([
    `The certificates of generations "3", "2" and "\\u{1b}1" have the same private key. ${advice}`,
  ]);
});

test("nothing is said of a key for each generation, of one alone, and of what is no certificate", async () => {
  expect(
    await warned((first, second) => [
      { name: "2", publicCertificate: first },
      { name: "1", publicCertificate: second },
      { name: "a", publicCertificate: "no certificate" },
      { name: "b", publicCertificate: "no certificate" },
    ]),
  ).toEqual([]);
  expect(await warned((only) => [{ name: "1", publicCertificate: only }, { name: "2" }])).toEqual([]);
});
