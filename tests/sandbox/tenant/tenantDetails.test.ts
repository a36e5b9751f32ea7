import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

const { tenantId } = defaultSeed;

test("the organization's contacts are set, as CLI for Microsoft 365, CIPP and Microsoft365DSC do", async () => {
  const tenant = await withRights("Organization.ReadWrite.All");
  const path = `/v1.0/organization/${tenantId}`;
  const contacts = {
    marketingNotificationEmails: ["marketing@contoso.com"],
    securityComplianceNotificationPhones: ["+1 425 555 0100"],
    technicalNotificationMails: ["it@contoso.com", "security@contoso.com"],
  };
  expect(await tenant.graph("PATCH", path, contacts)).toMatchObject({ status: 204, text: "" });
  const more = { technicalNotificationMails: [], privacyProfile: { contactEmail: "privacy@contoso.com" } };
  expect((await tenant.graph("PATCH", path, more)).status).toBe(204);
  expect(itemsOf(await tenant.graph("GET", "/beta/organization"))).toEqual([
    expect.objectContaining({
      id: tenantId,
      displayName: defaultSeed.displayName,
      ...contacts,
      technicalNotificationMails: [],
      privacyProfile: { contactEmail: "privacy@contoso.com", statementUrl: null },
    }),
  ]);
});

test("the organization's other properties stay, and so does one that is another's", async () => {
  const tenant = await withRights("Organization.ReadWrite.All");
  const path = `/v1.0/organization/${tenantId}`;
  expect(errorOf(await tenant.graph("PATCH", path, { displayName: "Fabrikam" }))).toMatchObject({
    status: 400,
    code: "Request_BadRequest",
  });
  expect(errorOf(await tenant.graph("PATCH", path, { technicalNotificationMails: null }))).toMatchObject({
    status: 400,
  });
  const another = "/v1.0/organization/00000000-0000-4000-8000-000000000001";
  expect((await tenant.graph("PATCH", another, {})).status).toBe(404);
  expect((await tenant.graph("GET", path)).body).toMatchObject({ displayName: defaultSeed.displayName });
});

test("a domain's passwords and services are set, as CIPP and Microsoft365DSC do", async () => {
  const tenant = await withRights("Domain.ReadWrite.All");
  const passwords = { passwordValidityPeriodInDays: 2_147_483_647, passwordNotificationWindowInDays: 14 };
  expect(await tenant.graph("PATCH", "/v1.0/domains/Contoso.com", passwords)).toMatchObject({
    status: 204,
    text: "",
  });
  expect((await tenant.graph("PATCH", "/beta/domains/contoso.com", { supportedServices: [] })).status).toBe(
    204,
  );
  expect((await tenant.graph("GET", "/v1.0/domains/contoso.com")).body).toMatchObject({
    id: "contoso.com",
    isDefault: true,
    ...passwords,
    supportedServices: [],
  });
  expect(
    errorOf(await tenant.graph("PATCH", "/v1.0/domains/contoso.com", { isInitial: true })),
  ).toMatchObject({ status: 400 });
  expect((await tenant.graph("PATCH", "/v1.0/domains/fabrikam.com", passwords)).status).toBe(404);
});

test("one domain is the default one, and stays it until another is", async () => {
  const tenant = await withRights("Domain.ReadWrite.All");
  const isDefault = async () =>
    itemsOf(await tenant.graph("GET", "/v1.0/domains")).map((domain) => [domain.id, domain.isDefault]);
  const before = await isDefault();
  const other = `/v1.0/domains/${textOf(before.find(([, is]) => is === false)?.[0])}`;
  expect(
    errorOf(await tenant.graph("PATCH", "/v1.0/domains/contoso.com", { isDefault: false })),
  ).toMatchObject({ status: 400 });
  expect((await tenant.graph("PATCH", other, { isDefault: false })).status).toBe(204);
  expect(await isDefault()).toEqual(before);
  expect((await tenant.graph("PATCH", other, { isDefault: true })).status).toBe(204);
  expect(await isDefault()).toEqual(before.map(([id, is]) => [id, is === false]));
});

test.each([
  [`/v1.0/organization/${tenantId}`, { technicalNotificationMails: [] }, "Domain.ReadWrite.All"],
  ["/v1.0/domains/contoso.com", { isDefault: true }, "Organization.ReadWrite.All"],
])("PATCH %s takes its own permission", async (path, body, permission) => {
  const tenant = await withRights(permission);
  expect(errorOf(await tenant.graph("PATCH", path, body))).toMatchObject({
    status: 403,
    code: "Authorization_RequestDenied",
  });
});

function withRights(...permissions: readonly string[]): Promise<TestTenant> {
  const deployer = {
    ...defaultSeed.deployer,
    permissions: [...deployerPermissions, "Directory.Read.All", ...permissions],
  };
  return startTestTenant({ seeds: [{ ...defaultSeed, deployer }] });
}
