import * as v from "valibot";
import { readClaims } from "../../graph/accessToken.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { RoleReader } from "../../graph/exchangeRoles.ts";
import { all, createGraphClient, type GraphClient } from "../../graph/graphClient.ts";
import type { RequestLimit } from "../../graph/requestLimit.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import type { RoleService } from "../grant/declaredRoles.ts";
import { failedRead } from "../audit/rule.ts";
import { openRoleReader } from "../grant/roleReading.ts";
import type { Deployment } from "../preflight/deployingIdentity.ts";

/** A tenant that no state names: the one that an identity signs in to. */
export interface OpenTenant {
  readonly graph: GraphClient;
  readonly tenantId: string;
  readonly cloud: Cloud;
  /** Opens a service with roles of its own; a text says why it may not be read. @throws ApiError, SignInError */
  readonly openRoles: (service: RoleService) => Promise<RoleReader | string>;
}

/** How to open a tenant. */
export interface OpenTenantOptions {
  readonly signal: AbortSignal;
  readonly limit?: RequestLimit | undefined;
  /** @default the one that the identity names */
  readonly tenantId?: string;
}

const Domain = v.object({ id: v.string(), isInitial: v.boolean() });

/** Signs in, and says where. @throws SignInError, ApiError where the metadata document cannot be read */
export async function openTenant(
  { identity, cloud, env }: Deployment,
  { signal, limit, ...options }: OpenTenantOptions,
): Promise<OpenTenant> {
  const endpoints = await resolveEndpoints(cloud, env);
  const credential = sharedCredential(identity, options.tenantId ?? identity.tenantId, endpoints);
  const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: signal });
  const graph = createGraphClient(credential, endpoints.graph, { signal, limit });
  const tenantId = readClaims(token).tid;
  return {
    graph,
    tenantId,
    cloud,
    async openRoles(service) {
      const domain = service === "securityAndCompliance" ? await initialDomain(graph) : { name: "" };
      const reading = { identity, endpoints, signal, limit };
      const opened = await openRoleReader({ tenantId, tenantDomain: domain.name }, service, reading);
      return typeof opened === "string" ? opened : (domain.reason ?? opened);
    },
  };
}

/** Security & Compliance is found by it. @throws ApiError where it could not be read, though it may be */
async function initialDomain(graph: GraphClient): Promise<{ name: string; reason?: string }> {
  const { domains } = await graph.batch<{ domains: readonly v.InferOutput<typeof Domain>[] }>({
    domains: all("/domains", Domain),
  });
  if (domains.ok) return { name: domains.value.find(({ isInitial }) => isInitial)?.id ?? "" };
  const { denied, reason } = failedRead(domains.error, "Domain.Read.All");
  if (!denied) throw domains.error;
  return { name: "", reason };
}
