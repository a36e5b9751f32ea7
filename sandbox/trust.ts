import { readFileSync, writeFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import type { SandboxFolder } from "./sandboxFolder.ts";

/**
 * Writes the files that make other programs trust the tenant's certificate authority, besides all that they trust
 * already: a command in the sandbox may well want to reach the world too.
 */
export function writeTrust(folder: SandboxFolder, authorityPem: string, outer: NodeJS.ProcessEnv): void {
  // Node adds NODE_EXTRA_CA_CERTS to its own list; Go and OpenSSL take SSL_CERT_FILE instead of theirs.
  const extra = contents(outer["NODE_EXTRA_CA_CERTS"]);
  writeIfChanged(folder.certificateAuthority, joinPem([authorityPem, extra]));
  const own = [contents(outer["SSL_CERT_FILE"]), ...getCACertificates("bundled")];
  writeIfChanged(folder.trustedAuthorities, joinPem([authorityPem, extra, ...own]));
}

/** Makes this process trust the tenant's certificate authority. */
export function trustInThisProcess(authorityPem: string): void {
  setDefaultCACertificates([...getCACertificates("default"), authorityPem]);
}

function contents(path: string | undefined): string {
  try {
    return path ? readFileSync(path, "utf8") : "";
  } catch {
    return "";
  }
}

function joinPem(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n")
    .concat("\n");
}

/** Another command that shares the tenant may be reading the file. */
function writeIfChanged(file: string, text: string): void {
  if (contents(file) !== text) writeFileSync(file, text);
}
