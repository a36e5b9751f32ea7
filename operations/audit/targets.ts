import { clouds } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { AuditTarget } from "./audit.ts";
import type { StackComponent } from "../../stack/components.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { createRemover } from "../../graph/removal.ts";
import { declaredAccess } from "./declaredAccess.ts";

/**
 * Each component with a way into the tenant that its state names, as the identity of the environment.
 *
 * @param state exported with its secrets.
 */
export async function auditTargets(
  { resources }: Pick<ExportedState, "resources">,
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
        declared: declaredAccess(resources, component),
        graph: createGraphClient(credential, endpoints.graph, { signal }),
        remove: createRemover(credential, endpoints.graph, { signal }),
        graphUrl: clouds[component.cloud].graph,
      };
    }),
  );
}

function inTenant(identity: Identity, tenantId: string): Identity {
  return { ...identity, tenantId };
}
