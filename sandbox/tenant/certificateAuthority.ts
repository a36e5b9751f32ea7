import "reflect-metadata/lite";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";

/** A certificate authority of one run, and the certificate for this machine that it has signed. Nothing is written to disk. */
export interface CertificateAuthority {
  /** What a client has to trust. */
  readonly certificatePem: string;
  readonly serverCertificatePem: string;
  readonly serverKeyPem: string;
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/**
 * Makes a certificate authority and a server certificate for 127.0.0.1 and a host name.
 *
 * The certificates go by this machine's own clock, not by the tenant's: clients check them against theirs.
 */
export async function makeCertificateAuthority(host = "localhost"): Promise<CertificateAuthority> {
  const [authorityKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const notBefore = new Date(Date.now() - dayMs);
  const notAfter = new Date(Date.now() + 30 * dayMs);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Sandbox tenant certificate authority",
    keys: authorityKeys,
    notBefore,
    notAfter,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    notBefore,
    notAfter,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: host },
        { type: "ip", value: "127.0.0.1" },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const serverKey = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    certificatePem: `${authority.toString("pem")}\n`,
    serverCertificatePem: `${server.toString("pem")}\n`,
    serverKeyPem: `${x509.PemConverter.encode(serverKey, "PRIVATE KEY")}\n`,
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
}
