import { createPrivateKey, X509Certificate } from "node:crypto";

import { problemsError, show } from "../problems.ts";

/** How a PFX is encrypted, which decides who can read it. */
export const PfxEncoding = {
  /** Triple DES and SHA-1. Windows Server 2016, old .NET and everything newer can read it. */
  Compatible: "compatible",
  /** AES-256 and SHA-256: for Windows 10 1709, Windows Server 2019 and newer. Older versions say that the password is wrong. */
  Modern: "modern",
} as const;

/** One of the values of `PfxEncoding`. */
export type PfxEncoding = (typeof PfxEncoding)[keyof typeof PfxEncoding];

/** All that the bytes of a PFX depend on. */
export interface PfxContent {
  /** An RSA key in PEM, PKCS#8 or PKCS#1, not encrypted. */
  readonly privateKeyPem: string;
  /** The key's certificate in PEM. */
  readonly certificatePem: string;
  /** Printable ASCII: tools disagree on the bytes of anything else. */
  readonly password: string;
  /** What Windows shows as the certificate's friendly name. */
  readonly friendlyName: string;
  readonly encoding: PfxEncoding;
  /**
   * 16 characters or more that no other key shares, such as a UUID. It need not be secret, but must be kept: each salt
   * and initialization vector is HKDF-SHA-256 of it, with what it is for ("exchange-auth pfx key salt", …) as the info.
   */
  readonly salt: string;
}

interface PfxCredential {
  /** PKCS#8 in DER. */
  readonly key: Buffer;
  /** X.509 in DER. */
  readonly certificate: Buffer;
}

/**
 * Reads key and certificate, and checks the rest.
 *
 * @throws ResourceError that lists every problem, and shows no secret.
 */
export function readPfxCredential(content: PfxContent): PfxCredential {
  const { password, friendlyName, salt } = content;
  const problems: string[] = [];
  const key = attempt(() => createPrivateKey(content.privateKeyPem));
  const certificate = attempt(() => new X509Certificate(content.certificatePem));

  if (key === undefined) {
    problems.push("`privateKeyPem` must be a private key in PEM that is not encrypted. Pass an RSA key.");
  } else if (key.asymmetricKeyType !== "rsa") {
    const got = show(key.asymmetricKeyType);
    problems.push(
      `\`privateKeyPem\` must be an RSA key, got ${got}. Pass an RSA key, because the CSP accepts no other.`,
    );
  } else if (certificate?.checkPrivateKey(key) === false) {
    problems.push("`certificatePem` belongs to another key. Pass the certificate of this key.");
  }
  if (certificate === undefined) {
    problems.push("`certificatePem` must be a certificate in PEM. Pass the certificate of the key.");
  }
  if (!/^[\x20-\x7e]+$/.test(password)) {
    problems.push(
      "`password` must be printable ASCII and not empty. Use ASCII letters, digits and punctuation.",
    );
  }
  if (friendlyName === "") {
    problems.push("`friendlyName` must not be empty. Say what the certificate is for.");
  }
  if (salt.length < 16) {
    problems.push(`\`salt\` is too short, got ${salt.length} characters. Use 16 or more, such as a UUID.`);
  }

  if (key === undefined || certificate === undefined || problems.length > 0) {
    throw problemsError({ subject: "The PFX", problems });
  }
  return { key: key.export({ type: "pkcs8", format: "der" }), certificate: certificate.raw };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
