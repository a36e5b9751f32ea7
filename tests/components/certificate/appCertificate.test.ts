import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test, vi } from "vitest";

import { AppCertificate, type AppCertificateArgs, PfxEncoding } from "../../../components/index.ts";
import { type KeyPair, makeKeyPair, mockPulumi, valueOf } from "../mocks.ts";
import { readPfx } from "../pfx/pfxReader.ts";
import { rejectionsOf } from "../rejections.ts";

let keyPair: KeyPair;
beforeAll(() => {
  keyPair = makeKeyPair();
});

const args: AppCertificateArgs = {
  generation: "1",
  applicationId: "/applications/object",
  publicCertificate: undefined,
  commonName: "Jobs",
  validityDays: 364,
  rsaBits: 2048,
  pfxEncoding: PfxEncoding.Compatible,
};

test("a certificate of its own has a key ID, and everything that it gives is in its outputs", async () => {
  await mockPulumi({ keyPair });
  const register = vi.spyOn(pulumi.runtime.getMonitor()!, "registerResourceOutputs");
  const certificate = new AppCertificate("cert", args);
  await pulumi.runtime.disconnect();
  expect(await valueOf(certificate.keyId)).toBe("cert-key-id-uuid");
  const outputs = register.mock.calls.map(([request]) => request.getOutputs()?.toJavaScript() ?? {});
  expect(outputs.map((one) => Object.keys(one).toSorted())).toEqual([
    [
      "certificateDerBase64",
      "certificateNotAfter",
      "certificateNotBefore",
      "certificatePem",
      "certificateThumbprintSha256",
      "generation",
      "keyId",
      "pfxBase64",
      "pfxPassword",
      "privateKeyPem",
      "thumbprint",
    ],
  ]);
});

test("the PFX has the certificate's common name as its friendly name, without escapes", async () => {
  const commonName = String.raw`Jobs \ "night", C:\mail`;
  const named = makeKeyPair(String.raw`/CN=Jobs \\ "night", C:\\mail`);
  await mockPulumi({ keyPair: named });
  const certificate = new AppCertificate("cert", { ...args, commonName });
  await pulumi.runtime.disconnect();
  const pfx = Buffer.from((await valueOf(certificate.pfxBase64)) ?? "", "base64");
  const { certificateAttributes } = readPfx(pfx, "cert-pfx-password-result");
  expect(certificateAttributes).toContain(`1.2.840.113549.1.9.20 BMPString : '${commonName}'`);
});

test("a certificate that was made elsewhere is taken as it is, and what is none is refused", async () => {
  await mockPulumi();
  const publicCertificate = new X509Certificate(keyPair.certificatePem).raw.toString("base64");
  const certificate = new AppCertificate("cert", { ...args, publicCertificate });
  await pulumi.runtime.disconnect();
  expect(await valueOf(certificate.certificatePem)).toBe(
    new X509Certificate(keyPair.certificatePem).toString(),
  );

  await mockPulumi();
  expect(await rejectionsOf(() => new AppCertificate("cert", { ...args, publicCertificate: "x" }))).toEqual([
    expect.stringMatching(
      /^AppCertificate "cert" has one problem, nothing was created:\n {2}- `publicCertificate` must be /,
    ),
  ]);
});
