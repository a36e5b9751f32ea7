import { constants, createHash, verify, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeClientAssertion } from "../../graph/clientAssertion.ts";
import { openVaultCertificate, type VaultCertificate } from "../../graph/keyVault.ts";
import { createCredential, type Identity } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import { versionOf } from "../../sandbox/tenant/keyVault/keyVault.ts";
import { defaultSeed } from "../../sandbox/tenant/tenantSeed.ts";
import { startScriptedServer } from "./scriptedServer.ts";
import { makeCertificate, type TestCertificate } from "./testCertificate.ts";
import { createApplication, startTestTenant, type TestTenant } from "./testTenant.ts";

let made: TestCertificate;
let tenant: TestTenant;

beforeAll(async () => {
  made = await makeCertificate();
  const users = [defaultSeed.deployer.clientId];
  tenant = await startTestTenant({ keyVault: { certificates: { exchange: made }, users } });
});
afterAll(() => tenant.server.close());

test("reads the certificate, and signs with the key that stays in the vault", async () => {
  const found = await open("/certificates/exchange");
  expect(new X509Certificate(found.certificatePem).raw).toEqual(new X509Certificate(made.certificatePem).raw);
  const signature = await found.sign(createHash("sha256").update("signed").digest());
  const key = {
    key: new X509Certificate(made.certificatePem).publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  expect(verify("sha256", Buffer.from("signed"), key, Buffer.from(signature, "base64url"))).toBe(true);
});

test("takes a version", async () => {
  expect(await open(`/certificates/exchange/${versionOf(made)}`)).toBeDefined();
  await expect(open(`/certificates/exchange/${"0".repeat(32)}`)).rejects.toThrow(
    /^Azure Key Vault answered 404 CertificateNotFound to GET https:\/\/localhost:\d+\/certificates\/exchange\/0{32}\?api-version=7\.4: A certificate with \(name\/id\) exchange was not found in this key vault\.$/,
  );
});

test("an assertion has what Microsoft documents, and nothing for long", async () => {
  const certificate = new X509Certificate(made.certificatePem).raw;
  const now = new Date("2026-11-27T18:35:00Z");
  const claims = { clientId: "client", audience: "https://login/tenant/oauth2/v2.0/token", certificate };
  const digests: Uint8Array[] = [];
  const assertion = await makeClientAssertion(
    claims,
    async (digest) => {
      digests.push(digest);
      return "signature";
    },
    now,
  );
  const [header = "", payload = "", signature] = assertion.split(".");
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({
    alg: "PS256",
    typ: "JWT",
    "x5t#S256": createHash("sha256").update(certificate).digest("base64url"),
  });
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toEqual({
    aud: claims.audience,
    iss: "client",
    sub: "client",
    jti: expect.stringMatching(/^[\da-f-]{36}$/),
    iat: 1795804500,
    nbf: 1795804500,
    exp: 1795805100,
  });
  expect(signature).toBe("signature");
  expect(digests).toEqual([createHash("sha256").update(`${header}.${payload}`).digest()]);
});

test("an identity without the right is told which one, and who gives it", async () => {
  const { identity } = await createApplication(tenant);
  await expect(open("/certificates/exchange", identity)).rejects.toMatchObject({
    code: "EXO_AUTH_SIGN_IN",
    message: expect.stringMatching(
      /^Azure Key Vault answered 403 Forbidden to GET https:.*: Caller is not authorized .* Action: 'certificates\/read'\. The identity of the environment needs the right certificates\/get in the vault, for which the roles "Key Vault Reader" and "Key Vault Crypto User" are enough\.$/,
    ),
  });
});

test.each([
  "https://contoso.example.com/certificates/exchange",
  "https://contoso.vault.azure.net.example.com/certificates/exchange",
  "https://localhost/certificates/exchange",
  "http://HOST/certificates/exchange",
  "https://HOST/keys/exchange",
  "https://HOST/certificates/exchange/latest",
  "https://HOST/certificates/../secrets/exchange",
  "exchange",
])("no token goes to %s", async (address) => {
  const { host } = new URL(tenant.server.url);
  const before = tenant.server.requests.length;
  const given = address.replace("HOST", host);
  await expect(openAt(given)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `--key-vault-certificate must be the identifier of a certificate in a vault of this cloud, got "${given}". Give an address such as https://NAME.${host}/certificates/exchange.`,
  });
  expect(tenant.server.requests).toHaveLength(before);
});

test("the vaults of a cloud are those below its own name", async () => {
  const { endpoints } = tenant;
  const endpoint = { ...endpoints.keyVault, url: "https://vault.azure.net" };
  const credential = { getToken: () => Promise.reject(new SignInError(new Error("asked"))) };
  const options = { credential, endpoint, signal: new AbortController().signal };
  await expect(
    openVaultCertificate("https://contoso.vault.azure.net/certificates/exchange", options),
  ).rejects.toThrow("asked");
});

test("a key of another host is not asked", async () => {
  const vault = await startScriptedServer();
  onTestFinished(() => vault.close());
  const kid = `https://attacker.example.com/keys/exchange/${"0".repeat(32)}`;
  vault.answer({ status: 200, body: { cer: "MIIB", kid } });
  const options = {
    credential: { getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }) },
    endpoint: { url: vault.url, scope: "scope" },
    signal: new AbortController().signal,
  };
  await expect(openVaultCertificate(`${vault.url}/certificates/exchange`, options)).rejects.toThrow(
    `Azure Key Vault must name a key of the same vault, got "${kid}".`,
  );
  expect(vault.seen).toHaveLength(1);
});

function open(path: string, identity?: Identity): Promise<VaultCertificate> {
  return openAt(`${tenant.server.url}${path}`, identity);
}

function openAt(address: string, identity: Identity = tenant.deployer): Promise<VaultCertificate> {
  const { endpoints } = tenant;
  const credential = createCredential(identity, endpoints);
  const signal = new AbortController().signal;
  return openVaultCertificate(address, { credential, endpoint: endpoints.keyVault, signal });
}
