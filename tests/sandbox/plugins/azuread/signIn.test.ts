import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { encodePfx } from "../../../../components/pfx/encodePfx.ts";
import { PfxEncoding } from "../../../../components/pfx/pfxContent.ts";
import { azuread } from "../../../../sandbox/plugins/azuread/plugin.ts";
import { startTenantServer, type TenantServer } from "../../../../sandbox/tenant/index.ts";
import { startScriptedServer } from "../../../graph/scriptedServer.ts";
import { makeCertificate } from "../../tenant/certificates.ts";
import { Hand } from "../hand.ts";
import { startPlugin } from "../pluginClient.ts";
import type { JsonObject } from "../recordings.ts";
import { settingsOf, types } from "./tenant.ts";

const issuer = "https://token.actions.githubusercontent.com";
const subject = "repo:contoso/jobs:ref:refs/heads/main";
const audience = "api://AzureADTokenExchange";
const password = "a password";

let folder: string;
let tenant: TenantServer;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let applicationId: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sign-in-"));
  keys = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "1", alg: "RS256" };
  tenant = await startTenantServer({ issuerKeys: { [issuer]: { keys: [jwk] } } });
  setDefaultCACertificates([...getCACertificates("default"), tenant.certificateAuthorityPem]);
  const lookup = "azuread:index/getApplication:getApplication";
  applicationId = await withPlugin(settingsOf(tenant), async (hand) => {
    return String((await hand.invoke(lookup, { clientId: settingsOf(tenant)["clientId"] }))["id"]);
  });
});
afterAll(async () => {
  await tenant.close();
  await rm(folder, { recursive: true });
});

it.each([PfxEncoding.Compatible, PfxEncoding.Modern])(
  "works with a certificate in a PFX (%s)",
  async (encoding) => {
    const certificate = await makeCertificate({
      notBefore: new Date(Date.now() - 60_000),
      notAfter: inAYear(),
    });
    await withPlugin(settingsOf(tenant), async (hand) =>
      hand.create(types.certificate, {
        applicationId,
        type: "AsymmetricX509Cert",
        value: certificate.pem,
        startDate: certificate.notBefore.toISOString(),
        endDate: certificate.notAfter.toISOString(),
      }),
    );
    const file = path.join(folder, `${encoding}.pfx`);
    const content = {
      privateKeyPem: certificate.keyPem,
      certificatePem: certificate.pem,
      password,
      friendlyName: "deploy",
      encoding,
      salt: "0b6f2a44-6f0f-4dbb-9d0c-3f5c4b5a9f10",
    };
    await writeFile(file, encodePfx(content));
    const { clientSecret: _, ...rest } = settingsOf(tenant);
    const settings = { ...rest, clientCertificatePath: file, clientCertificatePassword: password };
    await withPlugin(settings, canRead);
    await expect(withPlugin({ ...settings, clientCertificatePassword: "wrong" }, canRead)).rejects.toThrow(
      "is no PFX that its password opens",
    );
  },
);

it("works with a token of a workload elsewhere", async () => {
  await withPlugin(settingsOf(tenant), async (hand) =>
    hand.create(types.credential, {
      applicationId,
      audiences: [audience],
      displayName: "deploy",
      issuer,
      subject,
    }),
  );
  const { clientSecret: _, ...rest } = settingsOf(tenant);
  const token = await tokenFor(subject);
  await withPlugin({ ...rest, useOidc: true, oidcToken: token }, canRead);

  const actions = await startScriptedServer();
  const requested = {
    ...rest,
    useOidc: true,
    oidcRequestUrl: `${actions.url}/token?v=1`,
    oidcRequestToken: "x",
  };
  actions.answer({ status: 200, body: { value: token } });
  await withPlugin(requested, canRead);
  expect(
    actions.seen.map(({ method, path: asked, headers }) => [method, asked, headers.authorization]),
  ).toEqual([["GET", "/token?v=1&audience=api%3A%2F%2FAzureADTokenExchange", "Bearer x"]]);
  actions.answer({ status: 403, body: "no id-token permission" });
  await expect(withPlugin(requested, canRead)).rejects.toThrow(
    "githubAssertion: received HTTP status 403 with response: no id-token permission",
  );
  await actions.close();
});

async function tokenFor(about: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuer(issuer)
    .setSubject(about)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(keys.privateKey);
}

it("reports a refusal in the tenant's words", async () => {
  const settings = { ...settingsOf(tenant), clientSecret: "wrong" };
  await expect(withPlugin(settings, canRead)).rejects.toThrow(
    /^1 error occurred:\n\t\* building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: .*AADSTS7000215/,
  );
});

describe("a token endpoint", () => {
  it("that is busy is asked again", async () => {
    const busy = [
      tenant.faults.throttle({ path: /token/ }, 1, 1),
      tenant.faults.refuse({ path: /token/ }, { status: 503 }, 1),
      tenant.faults.dropConnection({ path: /token/ }, 1),
    ];
    await withPlugin(settingsOf(tenant), canRead);
    expect(busy.map(({ hits }) => hits)).toEqual([1, 1, 1]);
    tenant.faults.clear();
  });

  it("that stays so is given up after five times", async () => {
    const fault = tenant.faults.refuse({ path: /token/ }, { status: 503 });
    await expect(withPlugin(settingsOf(tenant), canRead)).rejects.toThrow(
      /cannot request token: Post "(https:.*\/token)": POST \1 giving up after 5 attempt\(s\)$/m,
    );
    expect(fault.hits).toBe(5);
    tenant.faults.clear();
  });
});

it("asks for the metadata once, as the official plugin does", async () => {
  const fault = tenant.faults.refuse({ path: /metadata/ }, { status: 429 });
  await expect(withPlugin(settingsOf(tenant), canRead)).rejects.toThrow(
    `retrieving metadata from endpoint "${tenant.url}": performing request: expected 200 OK but got 429 429 Too Many Requests`,
  );
  expect(fault.hits).toBe(1);
  tenant.faults.clear();
});

it("reports a metadata host that nobody answers at", async () => {
  const closed = await startTenantServer();
  await closed.close();
  const metadataHost = new URL(closed.url).host;
  await expect(withPlugin({ ...settingsOf(tenant), metadataHost }, canRead)).rejects.toThrow(
    /^retrieving metadata from endpoint "https:\/\/localhost:\d+": performing request: Get "https:\/\/localhost:\d+\/metadata\/.*": dial tcp: connect: connection refused$/,
  );
});

async function withPlugin<Result>(
  settings: JsonObject,
  use: (hand: Hand) => Promise<Result>,
): Promise<Result> {
  const client = await startPlugin(azuread, settings);
  try {
    return await use(new Hand(client));
  } finally {
    client.close();
  }
}

async function canRead(hand: Hand): Promise<void> {
  expect((await hand.import(types.application, applicationId))?.id).toBe(applicationId);
}

function inAYear(): Date {
  return new Date(Date.now() + 365 * 86_400_000);
}
