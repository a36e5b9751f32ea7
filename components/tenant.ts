import { type Cloud, clouds, cloudsOfDomain } from "../microsoft/clouds.ts";
import { show } from "./problems.ts";

/** The tenant that the azuread provider is signed in to, as far as it is known. */
export interface Tenant {
  /** The tenant's id. */
  readonly tenantId: string | undefined;
  /** The initial domain, which `-Organization` takes: `contoso.onmicrosoft.com`, or another suffix outside the global cloud. */
  readonly tenantDomain: string | undefined;
}

/** How the azuread provider reaches its cloud, as far as it is known. */
export interface ProviderEnvironment {
  /** azuread's name of the cloud. */
  readonly environment: string | undefined;
  /** A host of its own for the cloud's metadata; `environment` has no effect then. */
  readonly metadataHost: string | undefined;
}

/**
 * What speaks against creating anything in `tenant`, as sentences.
 *
 * @param mayBeUnknown whether a tenant without an id is one that is not known yet
 */
export function tenantProblems(
  tenant: Tenant,
  provider: ProviderEnvironment,
  cloud: Cloud,
  expectedTenantId: string | undefined,
  mayBeUnknown = false,
): readonly string[] {
  return [
    ...(mayBeUnknown && tenant.tenantId === undefined ? [] : wrongTenant(tenant, expectedTenantId)),
    ...wrongDomain(tenant, cloud),
    ...wrongEnvironment(provider, cloud),
  ];
}

function wrongTenant({ tenantId, tenantDomain }: Tenant, expected: string | undefined): readonly string[] {
  if (expected === undefined || tenantId?.toLowerCase() === expected.toLowerCase()) return [];
  if (tenantId === undefined)
    return [
      "`expectedTenantId` cannot be compared: the azuread provider does not say which tenant it is signed in to.",
    ];
  return [
    `\`expectedTenantId\` is ${show(expected)}, but the azuread provider is signed in to ${show(tenantId)} (${tenantDomain}). ` +
      "Sign in to the expected tenant (`az login --tenant`, ARM_TENANT_ID or azuread:tenantId), or correct `expectedTenantId`.",
  ];
}

function wrongDomain({ tenantDomain }: Tenant, cloud: Cloud): readonly string[] {
  const possible = cloudsOfDomain(tenantDomain ?? "");
  if (possible.length === 0 || possible.includes(cloud)) return [];
  return [
    `\`cloud\` is ${show(cloud)} (${clouds[cloud].title}), but the tenant's initial domain is ${show(tenantDomain)}. ` +
      `Set \`cloud\` to ${possible.map(show).join(" or ")}, or sign in to a tenant of ${clouds[cloud].title}.`,
  ];
}

function wrongEnvironment(
  { environment, metadataHost }: ProviderEnvironment,
  cloud: Cloud,
): readonly string[] {
  const { azureadEnvironments, title } = clouds[cloud];
  const known = Object.values(clouds).flatMap((settings) => settings.azureadEnvironments);
  if (environment === undefined || metadataHost || !known.includes(environment)) return [];
  if (azureadEnvironments.includes(environment)) return [];
  return [
    `\`cloud\` is ${show(cloud)} (${title}), but the azuread provider is configured for ${show(environment)}. ` +
      `Set the provider's environment (ARM_ENVIRONMENT or azuread:environment) to ${show(azureadEnvironments[0])}, or correct \`cloud\`.`,
  ];
}
