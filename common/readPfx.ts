import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { PassThrough } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { id_data } from "@peculiar/asn1-cms";
import { AuthenticatedSafe, id_keyBag, id_pkcs8ShroudedKeyBag, PFX, SafeContents } from "@peculiar/asn1-pfx";
import {
  AsnArray,
  AsnConvert,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
  OctetString,
} from "@peculiar/asn1-schema";
import type { CertificateWithKey } from "./certificate.ts";

/**
 * Reads a PFX (PKCS#12) through OpenSSL, which checks the password and everything's integrity.
 *
 * @throws Error in OpenSSL's words, or where it holds no key
 */
export function readPfx(pfx: Buffer, password: string): CertificateWithKey {
  const secureContext = createSecureContext({ pfx, passphrase: password });
  // Node gives no direct way to the certificate of a context, only to that of a socket which uses it.
  const socket = new TLSSocket(new PassThrough(), { isServer: true, secureContext });
  const certificate = socket.getCertificate();
  socket.destroy();
  if (certificate === null || !("raw" in certificate)) throw new Error("it has no certificate");
  return {
    certificatePem: new X509Certificate(certificate.raw).toString(),
    privateKeyPem: privateKey(pfx, password).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A key's own encryption is that of an encrypted PKCS#8, which Node reads; some tools leave the key unencrypted. */
function privateKey(pfx: Buffer, password: string): KeyObject {
  const { authSafe } = AsnConvert.parse(pfx, PFX);
  const parts = AsnConvert.parse(octets(authSafe.content), AuthenticatedSafe);
  const bags = parts
    .filter(({ contentType }) => contentType === id_data)
    .flatMap(({ content }) => [...AsnConvert.parse(octets(content), SafeContents)]);
  const key = bags.find(({ bagId }) => bagId === id_pkcs8ShroudedKeyBag || bagId === id_keyBag);
  if (key === undefined) throw new Error("it has no private key");
  return createPrivateKey({
    key: Buffer.from(key.bagValue),
    format: "der",
    type: "pkcs8",
    ...(key.bagId === id_pkcs8ShroudedKeyBag ? { passphrase: password } : {}),
  });
}

/** The first byte of an OCTET STRING that BER cuts into pieces, and that of the list which it otherwise is. */
const constructedOctetString = 0x24;
const sequence = 0x30;

/** The bytes of an encoded OCTET STRING, in one piece (DER) or in several (BER, as Java's Bouncy Castle writes). */
function octets(encoded: ArrayBuffer): ArrayBuffer {
  const [first, ...rest] = new Uint8Array(encoded);
  if (first !== constructedOctetString) return AsnConvert.parse(encoded, OctetString).buffer;
  const pieces = AsnConvert.parse(Uint8Array.of(sequence, ...rest), Pieces);
  return Uint8Array.from(Buffer.concat(pieces.map((piece) => new Uint8Array(octets(piece))))).buffer;
}

class Pieces extends AsnArray<ArrayBuffer> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: AsnPropTypes.Any })(Pieces);
