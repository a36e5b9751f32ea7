import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { lookUpTenant, wrongCloud, wrongTenant } from "../../components/tenant.ts";
import { mockPulumi, tenantDomain, tenantId, valueOf } from "./mocks.ts";

it("gives the provider's tenant and its initial domain", async () => {
  await mockPulumi();
  const component = new pulumi.ComponentResource("test:index:Component", "test");
  const tenant = lookUpTenant(component, "the test", "global", tenantId.toUpperCase());
  expect(await valueOf(tenant)).toEqual({ tenantId, tenantDomain });
});

it("says which tenant was expected, which was found, and what to do", () => {
  expect(wrongTenant(tenantId, tenantDomain, "11111111-2222-4333-8444-555555555555")).toEqual([
    `\`expectedTenantId\` is "11111111-2222-4333-8444-555555555555", but the azuread provider is signed in to "${tenantId}" (${tenantDomain}). Sign in to the expected tenant (ARM_TENANT_ID or azuread:tenantId), or correct \`expectedTenantId\`.`,
  ]);
  expect(wrongTenant(tenantId, tenantDomain, undefined)).toEqual([]);
});

it("says which cloud the tenant's domain belongs to", () => {
  expect(wrongCloud("contoso.partner.onmschina.cn", "global")).toEqual([
    '`cloud` is "global" (Microsoft 365 worldwide), but the tenant\'s initial domain is "contoso.partner.onmschina.cn". Set `cloud` to "china", or sign in to a tenant of Microsoft 365 worldwide.',
  ]);
  expect(wrongCloud("contoso.onmicrosoft.us", "china")).toEqual([
    '`cloud` is "china" (Microsoft 365 operated by 21Vianet), but the tenant\'s initial domain is "contoso.onmicrosoft.us". Set `cloud` to "usGovernmentHigh" or "usGovernmentDod", or sign in to a tenant of Microsoft 365 operated by 21Vianet.',
  ]);
});

it("accepts either United States cloud for .onmicrosoft.us, and any cloud for a suffix of none", () => {
  expect(wrongCloud("contoso.onmicrosoft.us", "usGovernmentHigh")).toEqual([]);
  expect(wrongCloud("contoso.onmicrosoft.us", "usGovernmentDod")).toEqual([]);
  expect(wrongCloud("contoso.example", "china")).toEqual([]);
});
