import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates } from "node:tls";

import { afterEach, beforeEach, expect, test } from "vitest";

import { sandboxFolder, type SandboxFolder } from "../../../sandbox/workspace/sandboxFolder.ts";
import { startTenantServer } from "../../../sandbox/tenant/index.ts";
import { trustInThisProcess, writeTrust } from "../../../sandbox/workspace/trust.ts";

let folder: SandboxFolder;

beforeEach(() => {
  folder = sandboxFolder(mkdtempSync(join(tmpdir(), "trust-")));
});

afterEach(() => rmSync(folder.path, { recursive: true }));

const read = (path: string): string => readFileSync(path, "utf8");

/** Something that looks like a certificate in PEM. */
const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;

/** What Mozilla and this machine trust, each once. */
const stores = [
  ...new Set(
    [...getCACertificates("bundled"), ...getCACertificates("system")].map((certificate) =>
      certificate.trim(),
    ),
  ),
];

test("Node's file adds the tenant's authority, and OpenSSL's file holds Mozilla's and the machine's too", () => {
  writeTrust(folder, `${pem("tenant")}\n`, {});

  expect(read(folder.certificateAuthority)).toBe(`${pem("tenant")}\n`);
  expect(read(folder.trustedAuthorities)).toBe(`${[pem("tenant"), ...stores].join("\n")}\n`);
});

test("what the caller trusts besides stays trusted, each authority once", () => {
  writeFileSync(join(folder.path, "node.pem"), `# For Node\n${pem("for Node")}\n${pem("tenant")}\n`);
  writeFileSync(
    join(folder.path, "openssl.pem"),
    `${pem("for OpenSSL")}\n${getCACertificates("bundled")[0]}`,
  );
  const outer = {
    NODE_EXTRA_CA_CERTS: join(folder.path, "node.pem"),
    SSL_CERT_FILE: join(folder.path, "openssl.pem"),
  };

  writeTrust(folder, pem("tenant"), outer);

  expect(read(folder.certificateAuthority)).toBe(`${pem("tenant")}\n${pem("for Node")}\n`);
  const trusted = read(folder.trustedAuthorities);
  expect(trusted).toContain(`${pem("tenant")}\n${pem("for Node")}\n${pem("for OpenSSL")}\n`);
  expect(trusted.match(/BEGIN/g)).toHaveLength(3 + stores.length);
});

test("a caller's file that is missing counts as empty", () => {
  writeTrust(folder, pem("tenant"), { NODE_EXTRA_CA_CERTS: join(folder.path, "missing.pem") });

  expect(read(folder.certificateAuthority)).toBe(`${pem("tenant")}\n`);
});

test("files that are right stay untouched", () => {
  writeTrust(folder, pem("tenant"), {});
  utimesSync(folder.certificateAuthority, 1, 1);
  writeTrust(folder, pem("tenant"), {});

  expect(statSync(folder.certificateAuthority).mtimeMs).toBe(1000);
});

test("this process reaches a tenant that it trusts, and no other", async () => {
  const [trusted, stranger] = [await startTenantServer(), await startTenantServer()];
  try {
    trustInThisProcess(trusted.certificateAuthorityPem);

    const path = "/metadata/endpoints?api-version=2022-09-01";
    expect((await fetch(trusted.url + path)).status).toBe(200);
    await expect(fetch(stranger.url + path)).rejects.toThrow("fetch failed");
  } finally {
    await trusted.close();
    await stranger.close();
  }
});
