import { afterAll, beforeAll, expect, test } from "vitest";
import { readCertificate } from "../../../common/certificate.ts";
import { verificationTargets } from "../../../operations/verification/target.ts";
import { verify } from "../../../operations/verification/verify.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { makeCertificate, type TestCertificate } from "../../graph/testCertificate.ts";
import { createApplication, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";

let vaulted: TestCertificate;
let tenant: TestTenant;

beforeAll(async () => {
  vaulted = await makeCertificate();
  const users = [defaultSeed.deployer.clientId];
  tenant = await startTestTenant({ keyVault: { certificates: { exchange: vaulted }, users } });
});
afterAll(() => tenant.server.close());

test("`verify` signs in with a key that stays in the vault, and runs a cmdlet", async () => {
  const { appId } = await createApplication(tenant, { certificate: vaulted });
  const { deployer, initialDomain, tenantId } = tenant.seed;
  const env = {
    ...tenant.env,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
  };
  const context = { env, signal: new AbortController().signal, progress: () => undefined };
  const found = await verificationTargets(
    {
      "key-vault-certificate": `${tenant.server.url}/certificates/exchange`,
      "app-id": appId,
      organization: initialDomain,
    },
    context,
  );
  const { thumbprint } = readCertificate(vaulted.certificatePem);
  expect(found.targets).toMatchObject([
    { signIn: { clientId: appId, tenantDomain: initialDomain, thumbprint } },
  ]);
  expect(await verify({ ...found, waitMs: 0, ...context })).toMatchObject({
    ok: true,
    verifications: [{ clientId: appId, roles: ["Exchange Administrator"] }],
  });
});

test.each([
  [
    {},
    "--key-vault-certificate needs --app-id and --organization, as Connect-ExchangeOnline does. Give both.",
  ],
  [
    { "certificate-file": "c.pem", "from-environment": true },
    "Use only one of --certificate-file, --key-vault-certificate and --from-environment.",
  ],
])("options that do not say enough, or too much: %j", async (options, message) => {
  const given = { "key-vault-certificate": "https://contoso.vault.azure.net/certificates/x", ...options };
  const context = { env: {}, signal: new AbortController().signal };
  await expect(verificationTargets(given, context)).rejects.toThrow(message);
});
