import type { KeyObject, X509Certificate } from "node:crypto";

import { derChildren, derElements, derTag } from "./derElement.ts";

/** The shortest RSA key that Entra signs in with. Source: its answer AADSTS700027 to shorter ones. */
export const minimumRsaBits = 2048;

/**
 * Why a certificate's key or signature is too weak, as the end of a sentence without a full stop; undefined where it is
 * not.
 */
export function weaknessOf(certificate: X509Certificate): string | undefined {
  const key = publicKeyOf(certificate);
  if (key === undefined) return "has a public key that cannot be read";
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < minimumRsaBits)
    return `has an RSA key of ${bits} bits, but Entra refuses a sign-in with fewer than ${minimumRsaBits}`;
  const hash = brokenHash(certificate.raw);
  return hash && `is signed with ${hash}, which can be forged`;
}

/** A certificate's key; undefined where Node cannot read it, as somebody may have made the certificate so. */
export function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

/** Signature algorithms with a broken hash, by the DER of their object identifier. Sources: RFC 3279, RFC 8017, OIW. */
const brokenSignatures: Readonly<Record<string, string>> = {
  "06092a864886f70d010102": "MD2",
  "06092a864886f70d010103": "MD4",
  "06092a864886f70d010104": "MD5",
  "06092a864886f70d010105": "SHA-1",
  "06052b0e03021d": "SHA-1",
  "06072a8648ce3d0401": "SHA-1",
  "06072a8648ce380403": "SHA-1",
};

const rsassaPss = "06092a864886f70d01010a";
const sha1 = "06052b0e03021a";

/** The hash of a certificate's own signature if it is broken: MD2, MD4, MD5 or SHA-1. The argument is its DER. */
export function brokenHash(der: Buffer): string | undefined {
  const [certificate] = derElements(der) ?? [];
  const [, algorithm] = derChildren(certificate);
  const [identifier, parameters] = derChildren(algorithm);
  const name = identifier?.bytes.toString("hex") ?? "";
  if (name !== rsassaPss) return brokenSignatures[name];
  // RFC 8017: without a hash of its own, the signature's is SHA-1.
  const hash = derChildren(parameters).find(({ tag }) => tag === derTag.context0);
  const [hashIdentifier] = derChildren(derChildren(hash)[0]);
  return hash === undefined || hashIdentifier?.bytes.toString("hex") === sha1 ? "SHA-1" : undefined;
}
