import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";

import { checkCertificates } from "../../../components/certificate/checkCertificates.ts";
import { type KeyPair, makeKeyPair, mockPulumi, valueOf } from "../mocks.ts";
import { rejectionsOf } from "../rejections.ts";

let made: KeyPair;
beforeAll(() => {
  made = makeKeyPair();
});

test("leaves what is known already, and what is made here, as it is", () => {
  const generations = [{ name: "2", publicCertificate: made.certificatePem }, { name: "1" }];
  expect(checkCertificates("The component", generations)).toEqual(generations);
});

test("passes on a certificate that becomes known, beside the rest of its generation", async () => {
  await mockPulumi();
  const publicCertificate = pulumi.output(made.certificatePem);
  const [checked] = checkCertificates("The component", [{ name: "1", publicCertificate }]);
  expect(checked).toMatchObject({ name: "1" });
  expect(await valueOf(pulumi.output(checked?.publicCertificate))).toBe(made.certificatePem);
});

test("refuses what becomes known and is no certificate, by the place of its generation", async () => {
  await mockPulumi();
  const publicCertificate = pulumi.output("no certificate");
  expect(
    await rejectionsOf(() => {
      const [, checked] = checkCertificates("The component", [
        { name: "2" },
        { name: "1", publicCertificate },
      ]);
      pulumi.output(checked?.publicCertificate).apply((text) => text);
    }),
  ).toEqual([
    expect.stringMatching(
      /^The component has one problem, nothing was created:\n {2}- `certificate\.generations\[1\]\.publicCertificate` must be /,
    ),
  ]);
});
