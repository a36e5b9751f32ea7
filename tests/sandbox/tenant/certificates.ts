import "reflect-metadata/lite";
import * as x509 from "@peculiar/x509";
import { createHash, KeyObject, webcrypto } from "node:crypto";
import { SignJWT } from "jose";
import { startOfTest } from "./client.ts";

/** A certificate with its private key, made for one test. */
export interface TestCertificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly keyPem: string;
  readonly privateKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** How long, and of what kind. */
export interface CertificateOptions {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly elliptic?: boolean;
}

const dayMs = 86_400_000;

/** Makes a self-signed certificate; by default it began a day before the test and ends after 364 days. */
export async function makeCertificate(options: CertificateOptions = {}): Promise<TestCertificate> {
  const notBefore = options.notBefore ?? new Date(startOfTest.getTime() - dayMs);
  const notAfter = options.notAfter ?? new Date(startOfTest.getTime() + 364 * dayMs);
  const algorithm = options.elliptic
    ? { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
    : {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Jobs",
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
  });
  const privateKey = KeyObject.from(keys.privateKey);
  return {
    pem: certificate.toString("pem"),
    der: Buffer.from(certificate.rawData),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
    notBefore,
    notAfter,
  };
}

/** A key credential as a client writes it. */
export function keyCredential(certificate: TestCertificate, keyId?: string): Record<string, string> {
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: certificate.der.toString("base64"),
    ...(keyId === undefined ? {} : { keyId }),
  };
}

/** A digest of a certificate. */
export function digest(certificate: TestCertificate, algorithm: "sha1" | "sha256"): Buffer {
  return createHash(algorithm).update(certificate.der).digest();
}

/** What an assertion says where it differs from a good one. */
export interface AssertionOptions {
  readonly algorithm?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly now?: Date;
}

/** A client assertion; a good one where `options` do not say otherwise. */
export function makeAssertion(
  certificate: TestCertificate,
  clientId: string,
  audience: string,
  options: AssertionOptions = {},
): Promise<string> {
  const seconds = Math.floor((options.now ?? startOfTest).getTime() / 1000);
  const header = options.header ?? { x5t: digest(certificate, "sha1").toString("base64url") };
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: crypto.randomUUID(),
    nbf: seconds,
    exp: seconds + 600,
    ...options.claims,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: options.algorithm ?? "RS256", typ: "JWT", ...header })
    .sign(certificate.privateKey);
}

/** The form of a sign-in by assertion. */
export function assertionForm(clientId: string, assertion: string, scope: string): Record<string, string> {
  return {
    client_id: clientId,
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    grant_type: "client_credentials",
    scope,
  };
}
