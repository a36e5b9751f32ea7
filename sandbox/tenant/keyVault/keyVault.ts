import { createHash, X509Certificate } from "node:crypto";
import type { CertificateWithKey } from "../../../common/certificate.ts";

/** A key vault, which is outside every tenant and trusts all of them. */
export interface KeyVault {
  /** Certificates with the key that never leaves, by name. Each has one version. */
  readonly certificates: Readonly<Record<string, CertificateWithKey>>;
  /** Client IDs of the applications that may read certificates and sign. */
  readonly users: readonly string[];
}

/** The version that a certificate and its key have: 32 digits. */
export function versionOf({ certificatePem }: CertificateWithKey): string {
  const { raw } = new X509Certificate(certificatePem);
  return createHash("sha256").update(raw).digest("hex").slice(0, 32);
}
