import type { ApplicationClient } from "../../graph/applicationClient.ts";
import { createApplicationClient } from "../../graph/applicationClient.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { StackComponent } from "../../stack/components.ts";

/** A way into the tenant of a component, as the identity of the environment. */
export interface TenantAccess {
  readonly graph: GraphClient;
  readonly application: ApplicationClient;
}

/** Opens it. @throws ApiError where the metadata document cannot be read, Failure where a certificate cannot */
export async function tenantAccess(
  { cloud, tenantId }: Pick<StackComponent, "cloud" | "tenantId">,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<TenantAccess> {
  const identity = await identityFromEnvironment(env);
  const endpoints = await resolveEndpoints(cloud, env);
  const credential = createCredential({ ...identity, tenantId }, endpoints);
  return {
    graph: createGraphClient(credential, endpoints.graph, { signal }),
    application: createApplicationClient(credential, endpoints.graph, { signal }),
  };
}
