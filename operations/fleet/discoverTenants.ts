import { discover } from "../adoption/discover.ts";
import { reasonOf } from "../failureOf.ts";
import { providerCloud } from "../preflight/deployingIdentity.ts";
import { openTenant } from "../tenant/openTenant.ts";
import { readingIdentity, type ReadingOptions } from "../tenant/readingIdentity.ts";
import type { FoundApplications } from "./foundApplications.ts";

/** Which tenants of a stack to look at. */
export interface DiscoverTenantsOptions extends ReadingOptions {
  /** Without duplicates. */
  readonly tenantIds: readonly string[];
  readonly now: Date;
}

/**
 * Finds the applications of a stack's tenants that may act on Exchange. What cannot be looked at is told as not read, so that
 * a check of the stack goes on.
 *
 * @throws the signal's reason
 */
export async function discoverTenants({
  tenantIds,
  now,
  ...reading
}: DiscoverTenantsOptions): Promise<FoundApplications> {
  const { signal, limit } = reading;
  const what = "applications that may act on Exchange";
  try {
    const { identity, env } = await readingIdentity(reading);
    const found = await Promise.all(
      tenantIds.map(async (tenantId) => {
        const deployment = { identity, cloud: providerCloud(env), env };
        const tenant = await openTenant(deployment, { signal, limit, tenantId });
        return discover({ ...tenant, signal, mail: false, now, progress: () => undefined });
      }),
    );
    if (found.length === 0)
      return { applications: [], notRead: [{ what, reason: unknownTenant, denied: false }] };
    return {
      applications: found.flatMap(({ applications }) => applications),
      notRead: found.flatMap(({ notRead }) => notRead),
    };
  } catch (error) {
    signal.throwIfAborted();
    const { reason } = await reasonOf(error, reading);
    return { applications: [], notRead: [{ what, reason, denied: false }] };
  }
}

const unknownTenant =
  "Nothing says which tenant the stack belongs to. Set it: pulumi config set expectedTenantId TENANT-ID.";
