import type { GraphClient } from "../../graph/graphClient.ts";
import { type Holders, readHolders } from "../tenant/rightHolders.ts";

/** A component's tenant, and a way into it. */
interface TenantTarget {
  readonly component: { readonly tenantDomain: string };
  readonly graph: GraphClient;
}

/** Who can add credentials to any application of a tenant: for information, never a finding. */
export interface TenantWide extends Holders {
  /** Such as `contoso.onmicrosoft.com`. */
  readonly tenantDomain: string;
}

/**
 * Reads who can add credentials to any application, in each of the components' tenants. Whatever cannot be read is named.
 *
 * @throws SignInError
 */
export async function readTenantWide(targets: readonly TenantTarget[]): Promise<readonly TenantWide[]> {
  const tenants = new Map(targets.map(({ component, graph }) => [component.tenantDomain, graph]));
  return Promise.all(
    [...tenants].map(async ([tenantDomain, graph]) => ({
      tenantDomain,
      ...(await readHolders(graph, "addsCredentials")),
    })),
  );
}
