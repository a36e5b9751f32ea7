import { execFileSync } from "node:child_process";

import fc from "fast-check";
import { expect, it } from "vitest";

import { certificateSha256, derDigest, isOneCertificate, readCertificate } from "../../common/certificate.ts";
import { makeKeyPair } from "../components/mocks.ts";

function openssl(pem: string, ...options: string[]): string {
  return execFileSync("openssl", ["x509", "-noout", ...options], { input: pem, encoding: "utf8" }).trim();
}

it("agrees with openssl on thumbprints and dates, for any subject and lifetime", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9 ._-]{1,40}$/).filter((text) => text.trim() !== "");
  fc.assert(
    fc.property(name, fc.integer({ min: 1, max: 730 }), (subject, days) => {
      const { certificatePem } = makeKeyPair(`/CN=${subject}`, days, ["rsa:1024"]);
      const facts = readCertificate(certificatePem);
      expect(`sha1 Fingerprint=${facts.thumbprint}`).toBe(
        openssl(certificatePem, "-fingerprint", "-sha1").replaceAll(":", ""),
      );
      expect(`sha256 Fingerprint=${facts.thumbprintSha256}`).toBe(
        openssl(certificatePem, "-fingerprint", "-sha256").replaceAll(":", ""),
      );
      expect(Date.parse(facts.notBefore)).toBe(
        Date.parse(openssl(certificatePem, "-startdate").replace("notBefore=", "")),
      );
      expect(Date.parse(facts.notAfter)).toBe(
        Date.parse(openssl(certificatePem, "-enddate").replace("notAfter=", "")),
      );
    }),
    { numRuns: 8 },
  );
});

it("gives dates in whole seconds, ending in Z", () => {
  const { notBefore, notAfter } = readCertificate(makeKeyPair().certificatePem);
  expect([notBefore, notAfter].map((date) => date.replaceAll(/\d/g, "0"))).toEqual([
    "0000-00-00T00:00:00Z",
    "0000-00-00T00:00:00Z",
  ]);
});

it("has one SHA-256 in PEM and DER, in lower case", () => {
  const { certificatePem } = makeKeyPair();
  const { derBase64, thumbprintSha256 } = readCertificate(certificatePem);
  const der = Buffer.from(derBase64, "base64");
  expect([certificateSha256(certificatePem), certificateSha256(der), derDigest("sha256", der)]).toEqual(
    Array<string>(3).fill(thumbprintSha256.toLowerCase()),
  );
  expect(() => certificateSha256(Buffer.from("x"))).toThrow(Error);
  expect(derDigest("sha256", Buffer.from("abc"))).toMatch(/^ba7816bf8f01cfea[0-9a-f]{48}$/);
});

it("tells a key credential that is one certificate from one that has something beside it", () => {
  const [{ certificatePem: pem }, { certificatePem: other }] = [makeKeyPair(), makeKeyPair()];
  const der = Buffer.from(readCertificate(pem).derBase64, "base64");
  expect([der, pem, `\n${pem}\n`].map(isOneOf)).toEqual([true, true, true]);
  const bundles = [pem + other, `x${pem}`, `${pem}x`, Buffer.concat([der, Buffer.from(other)]), "", "x"];
  expect(bundles.map(isOneOf)).toEqual(Array<boolean>(bundles.length).fill(false));
});

it("fails on what is no certificate", () => {
  expect(() => readCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toThrow(
    Error,
  );
});

function isOneOf(bytes: string | Buffer): boolean {
  return isOneCertificate(Buffer.from(bytes).toString("base64"));
}
