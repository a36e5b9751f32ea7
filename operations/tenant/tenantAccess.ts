import type { ApplicationClient } from "../../graph/applicationClient.ts";
import { createApplicationClient } from "../../graph/applicationClient.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { StackComponent } from "../../stack/components.ts";
import { type ReadingOptions, readingIdentity } from "./readingIdentity.ts";

/** A way into the tenant of a component. */
export interface TenantAccess {
  readonly graph: GraphClient;
  readonly application: ApplicationClient;
}

/**
 * Opens it, as `readingIdentity`.
 *
 * @throws ApiError where the metadata document cannot be read, Failure where a certificate or the settings cannot
 */
export async function tenantAccess(
  { cloud, tenantId }: Pick<StackComponent, "cloud" | "tenantId">,
  { stack, cwd, signal, limit, ...options }: ReadingOptions,
): Promise<TenantAccess> {
  const { identity, env } = await readingIdentity({
    stack,
    cwd,
    signal,
    env: options.env,
    reading: options.reading,
  });
  const endpoints = await resolveEndpoints(cloud, env);
  const credential = sharedCredential(identity, tenantId, endpoints);
  return {
    graph: createGraphClient(credential, endpoints.graph, { signal, limit }),
    application: createApplicationClient(credential, endpoints.graph, { signal }),
  };
}
