import "reflect-metadata/lite";
import { webcrypto } from "node:crypto";

import * as x509 from "@peculiar/x509";

/** A certificate with its key, which no application knows. */
export async function makeForeignCertificate(): Promise<{ certificatePem: string; privateKeyPem: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Somebody else",
    keys,
    signingAlgorithm: algorithm,
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificatePem: certificate.toString("pem"),
    privateKeyPem: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}
