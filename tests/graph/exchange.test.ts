import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError } from "../../graph/apiError.ts";
import type { ExchangeClient } from "../../graph/exchange.ts";
import { createExchangeClient, regionalUrl } from "../../graph/exchange.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { TestApplicationOptions, TestTenant } from "./testTenant.ts";
import { createApplication, startTestTenant } from "./testTenant.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

const Organization = v.object({ Name: v.string() });

test("runs a cmdlet with permission and role", async () => {
  const exchange = await clientOf({});
  expect(await exchange.invoke("Get-OrganizationConfig", {}, Organization)).toEqual([
    { Name: tenant.seed.initialDomain },
  ]);
});

test("passes parameters", async () => {
  const exchange = await clientOf({});
  const Domain = v.object({ DomainName: v.string() });
  const found = await exchange.invoke("Get-AcceptedDomain", { Identity: tenant.seed.initialDomain }, Domain);
  expect(found).toEqual([{ DomainName: tenant.seed.initialDomain }]);
});

test("401 without permission and role, 401 without permission, 403 without role", async () => {
  for (const [options, status] of [
    [{ consent: false, roles: [] }, 401],
    [{ consent: false }, 401],
    [{ roles: [] }, 403],
  ] as const) {
    const exchange = await clientOf(options);
    expect((await failure(exchange)).failure.status).toBe(status);
  }
});

test("gives Exchange's innermost words", async () => {
  const error = await failure(await clientOf({ roles: [] }));
  expect(error.failure).toMatchObject({ service: "Exchange Online", code: "Forbidden" });
  expect(error.failure.reason).toMatch(
    /^The role assigned to application .* isn't supported in this scenario\./,
  );
});

test.each([
  [
    "https://eur01b.admin.protection.outlook.com:446/EXOBanner",
    "https://eur01b.ps.compliance.protection.outlook.com",
  ],
  ["https://ps.compliance.protection.outlook.com/x", "https://ps.compliance.protection.outlook.com"],
  ["/relative", "https://ps.compliance.protection.outlook.com"],
])("Security & Compliance: %s leads to %s", (location, url) => {
  expect(regionalUrl("https://ps.compliance.protection.outlook.com", location)).toBe(url);
});

async function clientOf(options: TestApplicationOptions): Promise<ExchangeClient> {
  const application = await createApplication(tenant, options);
  return createExchangeClient({
    credential: createCredential(application.identity, tenant.endpoints),
    endpoint: tenant.endpoints.exchangeOnline,
    tenant: { tenantId: tenant.seed.tenantId, initialDomain: tenant.seed.initialDomain },
  });
}

async function failure(exchange: ExchangeClient): Promise<ApiError> {
  const answer = exchange.invoke("Get-OrganizationConfig", {}, Organization);
  const error: unknown = await answer.catch((caught: unknown) => caught);
  if (error instanceof ApiError) return error;
  throw new Error(`not the expected failure: ${String(error)}`);
}
