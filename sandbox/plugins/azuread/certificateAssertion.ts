import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFile } from "node:fs/promises";

import { type CertificateWithKey, readCertificate } from "../../../common/certificate.ts";
import { readPfx } from "../../../common/readPfx.ts";

/**
 * Signs a client assertion with the key of a PFX, as the official plugin does: RS256, the certificate named by `kid`.
 *
 * @param audience - the token endpoint.
 * @throws an error if the PFX cannot be read; RSA keys only.
 */
export async function certificateAssertion(
  path: string,
  password: string,
  clientId: string,
  audience: string,
): Promise<string> {
  const { privateKeyPem, certificatePem } = open(path, await readFile(path), password);
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== "rsa")
    throw new Error(`The key in ${path} is no RSA key. Use a certificate with one.`);
  const now = Math.floor(Date.now() / 1000);
  // The official plugin pads the digest, which base64url by itself does not.
  const kid = Buffer.from(readCertificate(certificatePem).thumbprint, "hex")
    .toString("base64url")
    .padEnd(28, "=");
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: now,
    exp: now + 3600,
  };
  const content = [{ alg: "RS256", kid, typ: "JWT" }, claims].map(encoded).join(".");
  return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
}

function open(path: string, pfx: Buffer, password: string): CertificateWithKey {
  try {
    return readPfx(pfx, password);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `could not parse certificate: ${path} is no PFX that its password opens. Check both. (${reason})`,
      { cause: error },
    );
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
