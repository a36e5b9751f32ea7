import { createPrivateKey, X509Certificate } from "node:crypto";
import { PassThrough } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { AuthenticatedSafe, id_pkcs8ShroudedKeyBag, PFX, SafeContents } from "@peculiar/asn1-pfx";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { id_data } from "@peculiar/asn1-cms";
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
  if (certificate === null || !("raw" in certificate)) throw new Error("it holds no certificate");
  const privateKey = createPrivateKey({
    key: shroudedKey(pfx),
    format: "der",
    type: "pkcs8",
    passphrase: password,
  });
  return {
    certificatePem: new X509Certificate(certificate.raw).toString(),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** The key's own encryption is that of an encrypted PKCS#8, which Node reads. */
function shroudedKey(pfx: Buffer): Buffer {
  const { authSafe } = AsnConvert.parse(pfx, PFX);
  const parts = AsnConvert.parse(contents(authSafe.content), AuthenticatedSafe);
  const bags = parts
    .filter(({ contentType }) => contentType === id_data)
    .flatMap(({ content }) => [...AsnConvert.parse(contents(content), SafeContents)]);
  const key = bags.find(({ bagId }) => bagId === id_pkcs8ShroudedKeyBag);
  if (key === undefined) throw new Error("it holds no private key");
  return Buffer.from(key.bagValue);
}

function contents(content: ArrayBuffer): ArrayBuffer {
  return AsnConvert.parse(content, OctetString).buffer;
}
