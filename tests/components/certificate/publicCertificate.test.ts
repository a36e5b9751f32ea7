import { X509Certificate } from "node:crypto";

import { beforeAll, describe, expect, it } from "vitest";

import {
  publicCertificatePem,
  publicCertificateProblem,
  validityWarning,
} from "../../../components/certificate/publicCertificate.ts";
import { type KeyPair, makeKeyPair } from "../mocks.ts";

const remedy = "Give its PEM, or the Base64 of the .cer file that Windows exports.";

let keyPair: KeyPair;
beforeAll(() => {
  keyPair = makeKeyPair();
});

describe("accepts", () => {
  it("PEM, with text around it, and the Base64 of the DER, with line breaks", () => {
    const certificate = new X509Certificate(keyPair.certificatePem);
    const base64 = certificate.raw.toString("base64").replaceAll(/(.{64})/g, "$1\r\n");
    for (const text of [keyPair.certificatePem, `\n${keyPair.certificatePem}\n`, base64]) {
      expect(publicCertificateProblem(text)).toBeUndefined();
      expect(publicCertificatePem(text)).toBe(certificate.toString());
    }
  });
});

describe("fails on", () => {
  it.each([undefined, 7, "", "  "])("nothing (%j)", (value) => {
    expect(publicCertificateProblem(value)).toBe(`is empty. ${remedy}`);
  });

  it("what is no certificate", () => {
    expect(publicCertificateProblem("exchange.cer")).toBe(`is no certificate. ${remedy}`);
    expect(() => publicCertificatePem("exchange.cer")).toThrow(
      `\`publicCertificate\` is no certificate. ${remedy}`,
    );
  });

  it("a private key, alone or beside the certificate, without showing it", () => {
    for (const text of [keyPair.privateKeyPem, keyPair.certificatePem + keyPair.privateKeyPem]) {
      expect(publicCertificateProblem(text)).toBe(
        "holds a private key, which must stay where it was made. Give the certificate alone.",
      );
    }
  });

  it("a chain", () => {
    expect(publicCertificateProblem(keyPair.certificatePem.repeat(2))).toBe(
      "holds 2 PEM blocks, but one is wanted. Give the leaf certificate alone.",
    );
  });

  it("an elliptic-curve key", () => {
    const { certificatePem } = makeKeyPair("/CN=ec", 1, ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    expect(publicCertificateProblem(certificatePem)).toBe(
      "has a key of type ec, but Entra and Exchange's module take RSA alone. Make one with an RSA key of 2048 bits or more.",
    );
  });
});

it("warns where a certificate works only at another time", () => {
  const certificate = new X509Certificate(keyPair.certificatePem);
  const { validFromDate, validToDate } = certificate;
  const before = new Date(validFromDate.getTime() - 1000);
  const after = new Date(validToDate.getTime() + 1000);
  expect(validityWarning(certificate, validFromDate)).toBeUndefined();
  expect(validityWarning(certificate, before)).toBe(
    `is not valid before ${validFromDate.toISOString()}. Nothing can sign in with it until then.`,
  );
  expect(validityWarning(certificate, after)).toBe(
    `expired at ${validToDate.toISOString()}. Nothing can sign in with it; add a generation with a new one.`,
  );
});
