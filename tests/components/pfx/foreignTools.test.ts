import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { encodePfx } from "../../../components/pfx/encodePfx.ts";
import { type PfxContent, PfxEncoding } from "../../../components/pfx/pfxContent.ts";
import { encodings, makeCredential, sampleContent } from "./pfxSample.ts";
import { missingTool, runTool } from "./pfxTools.ts";

const noOpenssl = missingTool("OpenSSL 3", "openssl", ["version"], /^OpenSSL 3/u);
const noLegacyProvider = missingTool(
  "OpenSSL's legacy provider",
  "openssl",
  ["list", "-providers", "-provider", "legacy"],
  /^ {2}legacy$/mu,
);
const noKeytool = missingTool("Java's keytool", "keytool", ["-help"], /-importkeystore/u);
const noCryptography = missingTool(
  "Python's package cryptography",
  "python3",
  ["-c", "import cryptography; print(cryptography.__version__)"],
  /^\d/u,
);

/** The short name makes attributes change places; the last name leaves the Basic Multilingual Plane. */
const friendlyNames = [sampleContent.friendlyName, "试验", "Automation 🔑"];

const cases = encodings.flatMap((encoding) =>
  friendlyNames.map((friendlyName) => ({ encoding, friendlyName })),
);

const folder = mkdtempSync(join(tmpdir(), "exchange-auth-pfx-"));
const file = join(folder, "credential.pfx");
const { password } = sampleContent;

let content: PfxContent;
let certificate: X509Certificate;

beforeAll(async () => {
  content = { ...(await makeCredential()), ...sampleContent };
  certificate = new X509Certificate(content.certificatePem);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.for(cases)("$encoding, $friendlyName", ({ encoding, friendlyName }) => {
  let bytes: Buffer;

  beforeAll(() => {
    bytes = encodePfx({ ...content, encoding, friendlyName });
    writeFileSync(file, bytes);
  });

  test.for([
    { provider: "its default provider", options: [], missing: noOpenssl },
    { provider: "its legacy provider", options: ["-legacy"], missing: noOpenssl ?? noLegacyProvider },
  ])("OpenSSL with $provider", ({ options, missing }, { skip }) => {
    skip(missing !== undefined, missing);
    const algorithms = opensslPkcs12([...options, "-info", "-noout"], password);
    expect(algorithms).toEqual({ exitCode: 0, stdout: "", stderr: opensslInfo[encoding] });

    const key = opensslPkcs12([...options, "-nocerts", "-nodes"], password);
    expect(attributeLines(key.stdout)).toEqual([
      `localKeyID: ${spacedThumbprint()}`,
      "Microsoft CSP Name: Microsoft Enhanced RSA and AES Cryptographic Provider",
    ]);
    expect(createPrivateKey(key.stdout).equals(createPrivateKey(content.privateKeyPem))).toBe(true);

    const certificates = opensslPkcs12([...options, "-nokeys"], password);
    expect(attributeLines(certificates.stdout)).toContain(`localKeyID: ${spacedThumbprint()}`);
    expect(new X509Certificate(certificates.stdout).raw.equals(certificate.raw)).toBe(true);

    expect(opensslPkcs12([...options, "-noout"], "wrong")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "Mac verify error: invalid password?\n",
    });
  });

  test("Java's keytool", { timeout: 120_000 }, ({ skip }) => {
    skip(noKeytool !== undefined, noKeytool);
    const listed = keytoolList(password);
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toContain("Your keystore contains 1 entry");
    expect(listed.stdout).toMatch(/^1, .*, PrivateKeyEntry, $/mu);
    expect(listed.stdout).toContain(`Certificate fingerprint (SHA-256): ${certificate.fingerprint256}`);

    const wrong = keytoolList("wrong password");
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stdout).toContain("keystore password was incorrect");
  });

  test("Python's package cryptography", ({ skip }) => {
    skip(noCryptography !== undefined, `${noCryptography}, and ${inject("noPythonTools")}`);
    const read = runTool("python3", ["-c", pythonReader, file], { PFX_PASSWORD: password });
    expect(JSON.parse(read.stdout)).toEqual({
      key: createPrivateKey(content.privateKeyPem).export({ type: "pkcs8", format: "der" }).toString("hex"),
      certificate: certificate.raw.toString("hex"),
      // OpenSSL takes names for UCS-2, which has no surrogate pairs, and drops such a name.
      friendlyName: friendlyName.includes("🔑") ? null : Buffer.from(friendlyName).toString("hex"),
    });
    const wrong = runTool("python3", ["-c", pythonReader, file], { PFX_PASSWORD: "wrong" });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain("ValueError: Invalid password or PKCS12 data");
  });

  test("Node's tls", () => {
    expect(() => tls.createSecureContext({ pfx: bytes, passphrase: password })).not.toThrow();
    expect(() => tls.createSecureContext({ pfx: bytes, passphrase: "wrong" })).toThrow("mac verify failure");
  });
});

test.for(encodings)(
  "%s: the key works after Java has copied it into a keystore of its own",
  (encoding, { skip }) => {
    skip((noKeytool ?? noOpenssl) !== undefined, noKeytool ?? noOpenssl);
    writeFileSync(file, encodePfx({ ...content, encoding }));
    const copy = join(folder, `${encoding}-copy.p12`);
    const from = ["-srckeystore", file, "-srcstoretype", "PKCS12", "-srcstorepass:env", "PFX_PASSWORD"];
    const to = ["-destkeystore", copy, "-deststoretype", "PKCS12", "-deststorepass:env", "PFX_PASSWORD"];
    const imported = runTool("keytool", ["-importkeystore", ...from, ...to], { PFX_PASSWORD: password });
    expect(imported.exitCode).toBe(0);
    const key = opensslPkcs12(["-nocerts", "-nodes"], password, copy);
    expect(createPrivateKey(key.stdout).equals(createPrivateKey(content.privateKeyPem))).toBe(true);
  },
);

function opensslPkcs12(options: readonly string[], passphrase: string, path = file) {
  return runTool("openssl", ["pkcs12", "-in", path, "-passin", "env:PFX_PASSWORD", ...options], {
    PFX_PASSWORD: passphrase,
  });
}

function keytoolList(passphrase: string) {
  const store = ["-keystore", file, "-storetype", "PKCS12", "-storepass:env", "PFX_PASSWORD"];
  return runTool("keytool", ["-list", ...store], { PFX_PASSWORD: passphrase });
}

const opensslInfo = {
  [PfxEncoding.Compatible]: [
    "MAC: sha1, Iteration 2048",
    "MAC length: 20, salt length: 8",
    "PKCS7 Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048",
    "Certificate bag",
    "PKCS7 Data",
    "Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048",
    "",
  ].join("\n"),
  [PfxEncoding.Modern]: [
    "MAC: sha256, Iteration 2048",
    "MAC length: 32, salt length: 16",
    "PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256",
    "Certificate bag",
    "PKCS7 Data",
    "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256",
    "",
  ].join("\n"),
};

function attributeLines(output: string): readonly string[] {
  const lines = output.split("\n").filter((line) => line.startsWith("    "));
  return lines.map((line) => line.trim());
}

function spacedThumbprint(): string {
  return certificate.fingerprint.replaceAll(":", " ");
}

const pythonReader = `
import json, os, sys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
with open(sys.argv[1], "rb") as file:
    pfx = pkcs12.load_pkcs12(file.read(), os.environ["PFX_PASSWORD"].encode())
name = pfx.cert.friendly_name
key = pfx.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
json.dump({
    "key": key.hex(),
    "certificate": pfx.cert.certificate.public_bytes(Encoding.DER).hex(),
    "friendlyName": None if name is None else name.hex(),
}, sys.stdout)
`;
