import { describe, expect, it } from "vitest";

import { tenantProblems } from "../../components/tenant.ts";
import { tenantDomain, tenantId } from "./mocks.ts";

const provider = { environment: undefined, metadataHost: undefined };

describe("expectedTenantId", () => {
  it("names the expected tenant, the one found, and what to do", () => {
    const expected = "11111111-2222-4333-8444-555555555555";
    expect(tenantProblems({ tenantId, tenantDomain }, provider, "global", expected)).toEqual([
      `\`expectedTenantId\` is "${expected}", but the azuread provider is signed in to "${tenantId}" (${tenantDomain}). Sign in to the expected tenant (\`az login --tenant\`, ARM_TENANT_ID or azuread:tenantId), or correct \`expectedTenantId\`.`,
    ]);
  });

  it("is compared without regard to case, and not at all where it is left out", () => {
    expect(tenantProblems({ tenantId, tenantDomain }, provider, "global", tenantId.toUpperCase())).toEqual(
      [],
    );
    expect(tenantProblems({ tenantId, tenantDomain }, provider, "global", undefined)).toEqual([]);
  });
});

describe("a tenant that is not known", () => {
  const unknown = { tenantId: undefined, tenantDomain: undefined };
  const refusal = [
    "`expectedTenantId` cannot be compared: the azuread provider does not say which tenant it is signed in to.",
  ];

  it("is refused where one is expected, unless it may be known later", () => {
    expect(tenantProblems(unknown, provider, "global", tenantId)).toEqual(refusal);
    expect(tenantProblems(unknown, provider, "global", tenantId, false)).toEqual(refusal);
    expect(tenantProblems(unknown, provider, "global", tenantId, true)).toEqual([]);
    expect(tenantProblems(unknown, provider, "global", undefined)).toEqual([]);
  });

  it("does not hide one that is known and wrong", () => {
    const expected = "11111111-2222-4333-8444-555555555555";
    expect(tenantProblems({ tenantId, tenantDomain }, provider, "global", expected, true)).toHaveLength(1);
  });
});

describe("cloud", () => {
  it("is not compared with an environment that nobody knows", () => {
    const mars = { environment: "mars", metadataHost: undefined };
    expect(tenantProblems({ tenantId, tenantDomain }, mars, "global", undefined)).toEqual([]);
  });

  it("has several names of azuread", () => {
    for (const environment of ["public", "global"])
      expect(
        tenantProblems(
          { tenantId, tenantDomain },
          { environment, metadataHost: undefined },
          "global",
          undefined,
        ),
      ).toEqual([]);
  });

  it("must be the one of the tenant's domain", () => {
    const china = { tenantId, tenantDomain: "contoso.partner.onmschina.cn" };
    expect(tenantProblems(china, provider, "global", undefined)).toEqual([
      '`cloud` is "global" (Microsoft 365 worldwide), but the tenant\'s initial domain is "contoso.partner.onmschina.cn". Set `cloud` to "china", or sign in to a tenant of Microsoft 365 worldwide.',
    ]);
    const government = { tenantId, tenantDomain: "contoso.onmicrosoft.us" };
    expect(tenantProblems(government, provider, "china", undefined)).toEqual([
      '`cloud` is "china" (Microsoft 365 operated by 21Vianet), but the tenant\'s initial domain is "contoso.onmicrosoft.us". Set `cloud` to "usGovernmentHigh" or "usGovernmentDod", or sign in to a tenant of Microsoft 365 operated by 21Vianet.',
    ]);
    expect(tenantProblems(government, provider, "usGovernmentHigh", undefined)).toEqual([]);
    expect(tenantProblems(government, provider, "usGovernmentDod", undefined)).toEqual([]);
  });

  it("may be any for a domain of none", () => {
    expect(
      tenantProblems({ tenantId, tenantDomain: "contoso.example" }, provider, "china", undefined),
    ).toEqual([]);
  });

  it("must be the one that the provider is configured for", () => {
    const tenant = { tenantId, tenantDomain: "contoso.onmicrosoft.us" };
    const dod = { environment: "dod", metadataHost: undefined };
    expect(tenantProblems(tenant, dod, "usGovernmentHigh", undefined)).toEqual([
      '`cloud` is "usGovernmentHigh" (Microsoft 365 GCC High), but the azuread provider is configured for "dod". Set the provider\'s environment (ARM_ENVIRONMENT or azuread:environment) to "usgovernment", or correct `cloud`.',
    ]);
    expect(tenantProblems(tenant, dod, "usGovernmentDod", undefined)).toEqual([]);
  });

  it("is not compared with an environment that has no effect", () => {
    const tenant = { tenantId, tenantDomain: "contoso.onmicrosoft.us" };
    const own = { environment: "public", metadataHost: "localhost:8443" };
    expect(tenantProblems(tenant, own, "usGovernmentHigh", undefined)).toEqual([]);
  });
});
