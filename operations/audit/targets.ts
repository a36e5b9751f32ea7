import { clouds } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { Identity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { AuditTarget } from "./audit.ts";
import { type StackComponent, stackStateOf } from "../../stack/components.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { createRemover } from "../../graph/removal.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { readingIdentity } from "../tenant/readingIdentity.ts";
import { type DeclaredAccess, declaredAccess } from "./declaredAccess.ts";

/** What it takes to reach the tenants. */
export interface TargetOptions extends PulumiOptions {
  /** Reads the state anew, with its secrets. */
  readonly exportAnew: () => Promise<ExportedState>;
}

/**
 * Each component with a way into the tenant that its state names, as `readingIdentity`.
 *
 * @param state exported with its secrets.
 */
export async function auditTargets(
  { resources }: Pick<ExportedState, "resources">,
  components: readonly StackComponent[],
  { exportAnew, ...pulumi }: TargetOptions,
): Promise<readonly AuditTarget[]> {
  const { signal } = pulumi;
  const { identity, env } = await readingIdentity(pulumi);
  return Promise.all(
    components.map(async (component) => {
      const endpoints = await resolveEndpoints(component.cloud, env);
      const credential = createCredential(inTenant(identity, component.tenantId), endpoints);
      return {
        component,
        declared: declaredAccess(resources, component),
        declaredNow: () => declaredNow(exportAnew, component.name),
        graph: createGraphClient(credential, endpoints.graph, { signal }),
        remove: createRemover(credential, endpoints.graph, { signal }),
        graphUrl: clouds[component.cloud].graph,
      };
    }),
  );
}

async function declaredNow(
  exportAnew: TargetOptions["exportAnew"],
  name: string,
): Promise<DeclaredAccess | string> {
  const exported = await exportAnew();
  if (exported.isPending)
    return "an update of the stack is under way, or was killed. Wait until it has ended, or run `pulumi up`.";
  const { components, incomplete } = stackStateOf(exported);
  const unfinished = incomplete.find((one) => one.name === name);
  if (unfinished !== undefined) return unfinished.failure.message;
  const component = components.find((one) => one.name === name);
  if (component === undefined) return "the stack has no such component any more.";
  return declaredAccess(exported.resources, component);
}

function inTenant(identity: Identity, tenantId: string): Identity {
  return { ...identity, tenantId };
}
