import "reflect-metadata";
import { generateKeyPairSync } from "node:crypto";

import * as x509 from "@peculiar/x509";

import { type PfxContent, PfxEncoding } from "../../../components/pfx/pfxContent.ts";

export type PfxCredentialPem = Pick<PfxContent, "privateKeyPem" | "certificatePem">;

const sha256WithRsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** A new RSA key and a certificate that it signed itself, valid for 2026. */
export async function makeCredential(modulusLength = 2048): Promise<PfxCredentialPem> {
  const pair = generateKeyPairSync("rsa", { modulusLength });
  const keys = {
    privateKey: pair.privateKey.toCryptoKey(sha256WithRsa, true, ["sign"]),
    publicKey: pair.publicKey.toCryptoKey(sha256WithRsa, true, ["verify"]),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Exchange Online automation",
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
    signingAlgorithm: sha256WithRsa,
    keys,
  });
  return {
    privateKeyPem: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: certificate.toString("pem"),
  };
}

/** What stands beside the credential in a PFX that these tests make. */
export const sampleContent = {
  password: "correct horse, battery staple!",
  friendlyName: "Exchange Online automation",
  encoding: PfxEncoding.Compatible,
  salt: "0b6f2a44-6f0f-4dbb-9d0c-3f5c4b5a9f10",
} as const;

export const encodings = Object.values(PfxEncoding);
