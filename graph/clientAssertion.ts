import { createHash, randomUUID } from "node:crypto";
import { derDigest } from "../common/certificate.ts";

/** Microsoft advises five to ten minutes, in seconds. */
const lifetime = 600;

/** Who signs in, and where. */
export interface AssertionClaims {
  readonly clientId: string;
  /** The tenant's token endpoint. */
  readonly audience: string;
  /** DER. */
  readonly certificate: Uint8Array;
}

/**
 * Makes the assertion by which an application proves that it has the private key of a certificate, where that key is
 * elsewhere: PS256, with the certificate's SHA-256 thumbprint.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials.
 *
 * @param sign signs a SHA-256 digest as PS256 does, and gives base64url
 */
export async function makeClientAssertion(
  { clientId, audience, certificate }: AssertionClaims,
  sign: (digest: Uint8Array) => Promise<string>,
  now = new Date(),
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const header = {
    alg: "PS256",
    typ: "JWT",
    "x5t#S256": Buffer.from(derDigest("sha256", certificate), "hex").toString("base64url"),
  };
  const payload = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetime,
  };
  const signed = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${await sign(createHash("sha256").update(signed).digest())}`;
}
