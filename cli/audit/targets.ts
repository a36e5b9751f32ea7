import { clouds } from "../../components/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { AuditTarget } from "../commands/audit.ts";
import type { StackComponent } from "../stackState.ts";
import { createAccessClient } from "./accessClient.ts";
import { declaredAccess } from "./declaredAccess.ts";

/**
 * Each component with a way into the tenant that its state names, as the identity of the environment.
 *
 * @param exported what `pulumi stack export --show-secrets` printed.
 */
export async function auditTargets(
  exported: unknown,
  components: readonly StackComponent[],
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<readonly AuditTarget[]> {
  const identity = await identityFromEnvironment(env);
  return Promise.all(
    components.map(async (component) => {
      const endpoints = await resolveEndpoints(component.cloud, env);
      const credential = createCredential(inTenant(identity, component.tenantId), endpoints);
      return {
        component,
        declared: declaredAccess(exported, component),
        client: createAccessClient(credential, endpoints.graph, { signal }),
        graphUrl: clouds[component.cloud].graph,
      };
    }),
  );
}

function inTenant(identity: Identity, tenantId: string): Identity {
  return { ...identity, tenantId };
}
