import { createHash, hkdfSync } from "node:crypto";

import {
  ContentInfo,
  EncryptedContent,
  EncryptedContentInfo,
  id_data,
  id_encryptedData,
} from "@peculiar/asn1-cms";
import {
  AuthenticatedSafe,
  CertBag,
  id_certBag,
  id_pkcs8ShroudedKeyBag,
  id_x509Certificate,
  MacData,
  PFX,
  PKCS12Attribute,
  PKCS8ShroudedKeyBag,
  SafeBag,
  SafeContents,
} from "@peculiar/asn1-pfx";
import { AsnBmpStringConverter, AsnConvert, OctetString } from "@peculiar/asn1-schema";

import { type PfxContent, readPfxCredential } from "./pfxContent.ts";
import {
  aesProtection,
  iterations,
  type PfxProtection,
  type SaltSource,
  tripleDesProtection,
} from "./protection.ts";
import { EncryptedData } from "./schema.ts";

/**
 * A PFX (PKCS#12, RFC 7292) with one key and its certificate. Equal content gives equal bytes.
 *
 * The key names Windows's cryptographic service provider (CSP) for RSA and AES, so that an import does not put it into
 * CNG, where Exchange's PowerShell module cannot use it. Source: Microsoft's page on PFXImportCertStore, which also says
 * that Windows makes an RSA key a key-exchange key where the PFX says nothing else.
 *
 * @throws ResourceError that lists every problem with `content`, and shows no secret.
 */
export function encodePfx(content: PfxContent): Buffer {
  const { key, certificate } = readPfxCredential(content);
  const protect = content.encoding === "compatible" ? tripleDesProtection : aesProtection;
  const protection = protect(content.password, saltSource(content.salt));

  const thumbprint = new OctetString(createHash("sha1").update(certificate).digest());
  const localKeyId = attribute("1.2.840.113549.1.9.21", der(thumbprint));
  const friendlyName = attribute("1.2.840.113549.1.9.20", bmpString(content.friendlyName));
  const keyProviderName = attribute("1.3.6.1.4.1.311.17.1", bmpString(cspName));

  const certificateBag = new SafeBag({
    bagId: id_certBag,
    bagValue: x509Certificate(certificate),
    bagAttributes: setOf(localKeyId, friendlyName),
  });
  // No friendly name here: Windows would name the key's container after it, and keys that share a name have been mixed
  // up (dotnet/runtime-assets#9).
  const keyBag = new SafeBag({
    bagId: id_pkcs8ShroudedKeyBag,
    bagValue: shroudedKey(key, protection),
    bagAttributes: setOf(localKeyId, keyProviderName),
  });

  const safe = der(
    new AuthenticatedSafe([
      encryptedData(der(new SafeContents([certificateBag])), protection),
      data(der(new SafeContents([keyBag]))),
    ]),
  );
  return Buffer.from(der(new PFX({ authSafe: data(safe), macData: macData(safe, protection) })));
}

/** The CSP of Windows that signs with SHA-256, too. */
const cspName = "Microsoft Enhanced RSA and AES Cryptographic Provider";

function saltSource(salt: string): SaltSource {
  return (use, length) => Buffer.from(hkdfSync("sha256", salt, "", `exchange-auth pfx ${use}`, length));
}

function x509Certificate(certificate: Buffer): ArrayBuffer {
  return der(new CertBag({ certId: id_x509Certificate, certValue: der(new OctetString(certificate)) }));
}

function shroudedKey(key: Buffer, protection: PfxProtection): ArrayBuffer {
  const { algorithm, bytes } = protection.encrypt("key", key);
  return der(new PKCS8ShroudedKeyBag({ encryptionAlgorithm: algorithm, encryptedData: bytes }));
}

function encryptedData(contents: ArrayBuffer, protection: PfxProtection): ContentInfo {
  const { algorithm, bytes } = protection.encrypt("certificate", new Uint8Array(contents));
  const encryptedContentInfo = new EncryptedContentInfo({
    contentType: id_data,
    contentEncryptionAlgorithm: algorithm,
    encryptedContent: new EncryptedContent({ value: bytes }),
  });
  return new ContentInfo({
    contentType: id_encryptedData,
    content: der(new EncryptedData({ encryptedContentInfo })),
  });
}

function data(contents: ArrayBuffer): ContentInfo {
  return new ContentInfo({ contentType: id_data, content: der(new OctetString(contents)) });
}

function macData(safe: ArrayBuffer, protection: PfxProtection): MacData {
  const { digestAlgorithm, digest, salt } = protection.authenticate(new Uint8Array(safe));
  const result = new MacData({ macSalt: salt, iterations });
  Object.assign(result.mac, { digestAlgorithm, digest });
  return result;
}

/** The constructor of PKCS12Attribute drops what it is given. */
function attribute(id: string, value: ArrayBuffer): PKCS12Attribute {
  return Object.assign(new PKCS12Attribute(), { attrId: id, attrValues: [value] });
}

/** In the order that DER wants in a SET OF: strict readers refuse another. */
function setOf(...attributes: readonly PKCS12Attribute[]): PKCS12Attribute[] {
  return attributes.toSorted((left, right) =>
    Buffer.compare(Buffer.from(der(left)), Buffer.from(der(right))),
  );
}

function bmpString(text: string): ArrayBuffer {
  return AsnBmpStringConverter.toASN(text).toBER();
}

function der(value: object): ArrayBuffer {
  return AsnConvert.serialize(value);
}
