import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A self-signed certificate with its key, made for one test. */
export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Makes an RSA key of 2048 bits and a self-signed certificate. */
export async function makeCertificate(
  notBefore = new Date(Date.now() - 60_000),
  notAfter = new Date(Date.now() + 30 * 86_400_000),
  { hash = "SHA-256", modulusLength = 2048 } = {},
): Promise<TestCertificate> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash,
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: "CN=Exchange test", notBefore, notAfter, signingAlgorithm: algorithm, keys },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificatePem: certificate.toString("pem"),
    privateKeyPem: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}
