import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

import { type Cloud, clouds, cloudsOfDomain } from "./clouds.ts";
import { problemsError, show } from "./problems.ts";

/** The tenant that the azuread provider is signed in to. */
export interface Tenant {
  /** The tenant's id. */
  readonly tenantId: string;
  /** The initial domain, which `-Organization` takes: `contoso.onmicrosoft.com`, or another suffix outside the global cloud. */
  readonly tenantDomain: string;
}

/**
 * Looks up the provider's tenant and refuses one that is not meant.
 *
 * The output fails where the tenant is not `expectedTenantId`, or where its initial domain belongs to another cloud
 * than `cloud`; whatever depends on it is then not created.
 */
export function lookUpTenant(
  component: pulumi.Resource,
  subject: string,
  cloud: Cloud,
  expectedTenantId: pulumi.Input<string> | undefined,
): pulumi.Output<Tenant> {
  const client = azuread.getClientConfigOutput({ parent: component });
  const initial = azuread.getDomainsOutput({ onlyInitial: true }, { parent: component });
  return pulumi
    .all([client.tenantId, initial.domains, expectedTenantId])
    .apply(([tenantId, domains, expected]) => {
      // Unit tests on mocks that answer no lookups leave both undefined, which Pulumi's own outputs would be, too.
      const tenantDomain = domains?.find((domain) => domain.initial)?.domainName;
      const problems = [...wrongTenant(tenantId, tenantDomain, expected), ...wrongCloud(tenantDomain, cloud)];
      if (problems.length > 0) throw problemsError(subject, problems);
      return { tenantId, tenantDomain: tenantDomain as string };
    });
}

/** @internal */
export function wrongTenant(
  tenantId: string | undefined,
  tenantDomain: string | undefined,
  expected: string | undefined,
): readonly string[] {
  if (expected === undefined || tenantId?.toLowerCase() === expected.toLowerCase()) return [];
  return [
    `\`expectedTenantId\` is ${show(expected)}, but the azuread provider is signed in to ${show(tenantId)} (${tenantDomain}). ` +
      "Sign in to the expected tenant (ARM_TENANT_ID or azuread:tenantId), or correct `expectedTenantId`.",
  ];
}

/** @internal */
export function wrongCloud(tenantDomain: string | undefined, cloud: Cloud): readonly string[] {
  const possible = cloudsOfDomain(tenantDomain ?? "");
  if (possible.length === 0 || possible.includes(cloud)) return [];
  return [
    `\`cloud\` is ${show(cloud)} (${clouds[cloud].title}), but the tenant's initial domain is ${show(tenantDomain)}. ` +
      `Set \`cloud\` to ${possible.map(show).join(" or ")}, or sign in to a tenant of ${clouds[cloud].title}.`,
  ];
}
