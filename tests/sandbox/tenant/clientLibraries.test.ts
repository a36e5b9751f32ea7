import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ClientCertificateCredential, ClientSecretCredential } from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { Client } from "@microsoft/microsoft-graph-client";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import type { TenantServerOptions } from "../../../sandbox/tenant/index.ts";
import { withPythonTools } from "../../tools/pythonTools.ts";
import { digest, keyCredential, makeCertificate, type TestCertificate } from "./certificates.ts";
import { claimsOf, createApplication, startTestTenant, type TestTenant } from "./client.ts";

const scope = "https://outlook.office365.com/.default";
const dayMs = 86_400_000;

describe("@azure/identity", () => {
  test("signs in with a secret", async () => {
    const tenant = await startTrustedTenant({ now: () => new Date() });
    const { tenantId, deployer } = tenant.seed;
    const credential = new ClientSecretCredential(
      tenantId,
      deployer.clientId,
      deployer.clientSecret,
      identityOptions(tenant),
    );
    const { token, expiresOnTimestamp } = await credential.getToken(`${tenant.server.url}/.default`);
    expect(claimsOf(token)).toMatchObject({ appid: deployer.clientId, tid: tenantId, idtyp: "app" });
    expect(Math.abs(expiresOnTimestamp - Date.now() - 3_599_000)).toBeLessThan(60_000);
  });

  test("signs in with a registered certificate, for one resource after the other", async () => {
    const { tenant, appId, certificate } = await withCertificate();
    const credential = certificateCredential(tenant, appId, certificate);
    for (const audience of ["https://outlook.office365.com", "https://graph.microsoft.com"]) {
      const { token } = await credential.getToken(`${audience}/.default`);
      expect(claimsOf(token)).toMatchObject({ aud: audience, appid: appId, appidacr: "2" });
    }
  });

  test("is refused with a foreign, an expired and a removed certificate", async () => {
    const { tenant, id, appId, certificate } = await withCertificate();
    const foreign = await currentCertificate();
    await expect(certificateCredential(tenant, appId, foreign).getToken(scope)).rejects.toThrow(
      /AADSTS700027: .*The key was not found/,
    );
    tenant.server.clock.advance(40 * dayMs);
    await expect(certificateCredential(tenant, appId, certificate).getToken(scope)).rejects.toThrow(
      /AADSTS700027: .*The key used is expired/,
    );
    tenant.server.clock.reset();
    await tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials: [] });
    await expect(certificateCredential(tenant, appId, certificate).getToken(scope)).rejects.toThrow(
      /AADSTS700027: .*The key was not found/,
    );
  });
});

describe("@azure/msal-node", () => {
  test.each(["sha1", "sha256"] as const)(
    "signs in with a certificate by its %s thumbprint, and is refused with a foreign one",
    async (algorithm) => {
      const { tenant, appId, certificate } = await withCertificate();
      const acquire = async (with_: TestCertificate) => {
        const thumbprint = digest(with_, algorithm).toString("hex");
        const application = new ConfidentialClientApplication({
          auth: {
            clientId: appId,
            authority: `${tenant.server.url}/${tenant.seed.tenantId}`,
            knownAuthorities: [new URL(tenant.server.url).host],
            clientCertificate: {
              privateKey: with_.keyPem,
              ...(algorithm === "sha1" ? { thumbprint } : { thumbprintSha256: thumbprint }),
            },
          },
        });
        return application.acquireTokenByClientCredential({ scopes: [scope] });
      };
      expect(claimsOf((await acquire(certificate))?.accessToken ?? "")).toMatchObject({ appid: appId });
      await expect(acquire(await currentCertificate())).rejects.toThrow(/700027/);
    },
  );
});

test("the Microsoft Graph client library reads, pages, writes and reports errors", async () => {
  const tenant = await startTrustedTenant();
  const client = Client.initWithMiddleware({
    baseUrl: tenant.server.url,
    customHosts: new Set(["localhost"]),
    authProvider: { getAccessToken: () => tenant.deployerToken() },
  });
  const application = await client.api("/applications").post({ displayName: "Jobs" });
  expect(application.displayName).toBe("Jobs");
  const page = await client.api("/servicePrincipals").top(2).select(["id", "displayName"]).get();
  expect(page.value).toHaveLength(2);
  const next = await client.api(page["@odata.nextLink"]).get();
  expect(next.value).toHaveLength(2);
  await expect(client.api("/applications/99999999-9999-4999-8999-999999999999").get()).rejects.toMatchObject({
    statusCode: 404,
    code: "Request_ResourceNotFound",
  });
});

const noMsal = await promisify(execFile)("python3", ["-c", "import msal"], { env: withPythonTools() }).then(
  () => undefined,
  () => `this machine's Python has no package msal, and ${inject("noPythonTools")}`,
);

test("Python's msal signs in with good, foreign and removed certificates", async ({ skip }) => {
  skip(noMsal !== undefined, noMsal);
  const { tenant, id, appId, certificate } = await withCertificate();
  expect(await runMsal(tenant, appId, certificate)).toBe("ok");
  expect(await runMsal(tenant, appId, await currentCertificate())).toMatch(/^AADSTS700027: /);
  await tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials: [] });
  expect(await runMsal(tenant, appId, certificate)).toMatch(/^AADSTS700027: /);
});

/** A tenant that this process trusts, as it would trust Microsoft's servers. */
async function startTrustedTenant(options: TenantServerOptions = {}): Promise<TestTenant> {
  const tenant = await startTestTenant(options);
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, tenant.server.certificateAuthorityPem]);
  onTestFinished(() => setDefaultCACertificates(before));
  return tenant;
}

/** An application with a certificate, on the real clock: libraries go by it. */
async function withCertificate(): Promise<{
  readonly tenant: TestTenant;
  readonly id: string;
  readonly appId: string;
  readonly certificate: TestCertificate;
}> {
  const tenant = await startTrustedTenant({ now: () => new Date() });
  const certificate = await currentCertificate();
  const { id, appId } = await createApplication(tenant);
  await tenant.graph("PATCH", `/v1.0/applications/${id}`, { keyCredentials: [keyCredential(certificate)] });
  return { tenant, id, appId, certificate };
}

function currentCertificate(): Promise<TestCertificate> {
  return makeCertificate({
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 30 * dayMs),
  });
}

function certificateCredential(
  tenant: TestTenant,
  appId: string,
  certificate: TestCertificate,
): ClientCertificateCredential {
  const pem = { certificate: `${certificate.keyPem}${certificate.pem}` };
  return new ClientCertificateCredential(tenant.seed.tenantId, appId, pem, identityOptions(tenant));
}

function identityOptions(tenant: TestTenant): { authorityHost: string; disableInstanceDiscovery: true } {
  return { authorityHost: tenant.server.url, disableInstanceDiscovery: true };
}

const program = `
import json, sys
import msal
given = json.load(open(sys.argv[1]))
application = msal.ConfidentialClientApplication(
    given["clientId"],
    authority=given["authority"],
    client_credential={"private_key": given["key"], "thumbprint": given["thumbprint"]},
    instance_discovery=False,
    validate_authority=False,
)
answer = application.acquire_token_for_client([given["scope"]])
print("ok" if "access_token" in answer else answer["error_description"])
`;

/** What Python's msal is answered: "ok", or the error's description. */
async function runMsal(tenant: TestTenant, clientId: string, certificate: TestCertificate): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenant-msal-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [ca, given] = [join(folder, "ca.pem"), join(folder, "given.json")];
  await writeFile(ca, tenant.server.certificateAuthorityPem);
  const authority = `${tenant.server.url}/${tenant.seed.tenantId}`;
  const thumbprint = digest(certificate, "sha1").toString("hex");
  await writeFile(given, JSON.stringify({ clientId, authority, key: certificate.keyPem, thumbprint, scope }));
  const { stdout } = await promisify(execFile)("python3", ["-c", program, given], {
    env: { ...withPythonTools(), REQUESTS_CA_BUNDLE: ca },
  });
  return stdout.trim();
}
