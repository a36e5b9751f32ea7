import { readClaims } from "../../graph/accessToken.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createGraphClient, type GraphClient } from "../../graph/graphClient.ts";
import type { RequestLimit } from "../../graph/requestLimit.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import type { Deployment } from "../preflight/deployingIdentity.ts";

/** A tenant that no state names: the one that an identity signs in to. */
export interface OpenTenant {
  readonly graph: GraphClient;
  readonly tenantId: string;
  readonly cloud: Cloud;
}

/** Signs in, and says where. @throws SignInError, ApiError where the metadata document cannot be read */
export async function openTenant(
  { identity, cloud, env }: Deployment,
  { signal, limit }: { readonly signal: AbortSignal; readonly limit?: RequestLimit | undefined },
): Promise<OpenTenant> {
  const endpoints = await resolveEndpoints(cloud, env);
  const credential = createCredential(identity, endpoints);
  const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: signal });
  return {
    graph: createGraphClient(credential, endpoints.graph, { signal, limit }),
    tenantId: readClaims(token).tid,
    cloud,
  };
}
