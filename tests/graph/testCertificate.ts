import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A self-signed certificate with its key, made for one test. */
export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Makes a self-signed certificate, with an RSA key of 2048 bits, or with a key that was made before. */
export async function makeCertificate(
  notBefore = new Date(Date.now() - 60_000),
  notAfter = new Date(Date.now() + 30 * 86_400_000),
  { hash = "SHA-256", modulusLength = 2048, privateKeyPem: given = "" } = {},
): Promise<TestCertificate> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash,
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength,
  };
  const keys =
    given === ""
      ? await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])
      : await keysOf(given, algorithm);
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

async function keysOf(
  privateKeyPem: string,
  algorithm: webcrypto.RsaHashedImportParams,
): Promise<webcrypto.CryptoKeyPair> {
  const spki = createPublicKey(privateKeyPem).export({ type: "spki", format: "der" });
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "der" });
  const [publicKey, privateKey] = await Promise.all([
    webcrypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
    webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]),
  ]);
  return { publicKey, privateKey };
}
