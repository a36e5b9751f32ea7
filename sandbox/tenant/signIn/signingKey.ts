import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { exportJWK, type JWK } from "jose";

/** The key that access tokens are signed with, made for one run. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As the key set publishes it. */
  readonly jwk: JWK;
}

/** Makes an RSA key off the main thread: the server does not wait for it to be ready. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const der = publicKey.export({ type: "spki", format: "der" });
  const kid = createHash("sha1").update(der).digest("base64url");
  const jwk: JWK = { ...(await exportJWK(publicKey)), kty: "RSA", use: "sig", kid, x5t: kid };
  return { kid, privateKey, publicKey, jwk };
}
