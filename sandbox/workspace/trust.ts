import { getCACertificates, setDefaultCACertificates } from "node:tls";

import type { SandboxFolder } from "./sandboxFolder.ts";
import { contents, writeIfChanged } from "./writeIfChanged.ts";

/**
 * Writes the files that make other programs trust the tenant's certificate authority, besides all that they trust
 * already: a command in the sandbox may well want to reach the world too.
 */
export function writeTrust(folder: SandboxFolder, authorityPem: string, outer: NodeJS.ProcessEnv): void {
  // Node adds NODE_EXTRA_CA_CERTS to its own list; Go and OpenSSL take SSL_CERT_FILE instead of theirs.
  const extra = contents(outer["NODE_EXTRA_CA_CERTS"]);
  writeIfChanged(folder.certificateAuthority, certificatesOf([authorityPem, extra]));
  // A company's proxy is known to the machine's store alone.
  const stores = [...getCACertificates("bundled"), ...getCACertificates("system")];
  const own = [contents(outer["SSL_CERT_FILE"]), ...stores];
  writeIfChanged(folder.trustedAuthorities, certificatesOf([authorityPem, extra, ...own]));
}

/** Makes this process trust the tenant's certificate authority. */
export function trustInThisProcess(authorityPem: string): void {
  setDefaultCACertificates([...getCACertificates("default"), authorityPem]);
}

/** The certificates of some texts in PEM, each once: a sandbox within a sandbox is told of its own authority. */
function certificatesOf(texts: readonly string[]): string {
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
  return `${[...new Set(texts.join("\n").match(pem))].join("\n")}\n`;
}
