import { clouds } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { AuditTarget } from "./audit.ts";
import { type PublicComponent, publicStateOf } from "../../stack/components.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { createRemover } from "../../graph/removal.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import { type ReadingOptions, readingIdentity } from "../tenant/readingIdentity.ts";
import { withTimedRoles } from "../grant/askExchange.ts";
import { auditRoles } from "../grant/auditRoles.ts";
import { auditTimedRoles } from "../timedRoles/auditTimedRoles.ts";
import { parseUrn } from "../../stack/urn.ts";
import { type DeclaredAccess, declaredAccess } from "./declaredAccess.ts";

/** A component, and what its stack declares of it. */
export interface AuditSubject {
  readonly component: PublicComponent;
  readonly project: string;
  readonly stack: string;
  readonly declared: DeclaredAccess;
}

/**
 * What a state says of components that are to be audited.
 *
 * @param hidden as `declaredAccess`
 * @throws SealedValue as `declaredAccess`
 */
export function auditSubjects(
  { resources }: Pick<ExportedState, "resources">,
  components: readonly PublicComponent[],
  hidden?: ReadonlySet<string>,
): readonly AuditSubject[] {
  const { project, stack } = parseUrn(resources[0]?.urn ?? "");
  return components.map((component) => ({
    component,
    project,
    stack,
    declared: declaredAccess(resources, component, hidden),
  }));
}

/** What it takes to reach the tenants. */
export interface TargetOptions extends ReadingOptions {
  /** Reads something out of the state as it is now, as `readState` does. */
  readonly readAnew: <T>(read: (exported: ExportedState) => T) => Promise<T>;
}

/** Each component with a way into the tenant that its state names, as `readingIdentity`. */
export async function auditTargets(
  subjects: readonly AuditSubject[],
  { readAnew, ...pulumi }: TargetOptions,
): Promise<readonly AuditTarget[]> {
  const { signal, limit } = pulumi;
  const { identity, env } = await readingIdentity(pulumi);
  return Promise.all(
    subjects.map(async ({ component, declared, ...named }) => {
      const endpoints = await resolveEndpoints(component.cloud, env);
      const credential = sharedCredential(identity, component.tenantId, endpoints);
      const graph = createGraphClient(credential, endpoints.graph, { signal, limit });
      // Most of what is read is Graph's, so its sign-in goes first; who needs the token says why there is none.
      credential.getToken(endpoints.graph.scope, { abortSignal: signal }).catch(() => undefined);
      return {
        component,
        declared,
        exchangeRoles: async (isNow = false) => {
          const now = isNow
            ? await readAnew((exported) => settledComponent(exported, component.name))
            : component;
          if (now === undefined) return undefined;
          const [exchange, timed] = await Promise.all([
            auditRoles({ component: now, ...named }, { identity, endpoints, signal, limit }),
            auditTimedRoles(now, graph),
          ]);
          return withTimedRoles(exchange, timed);
        },
        declaredNow: () => readAnew((exported) => declaredNow(exported, component.name)),
        graph,
        remove: createRemover(credential, endpoints.graph, { signal }),
        graphUrl: clouds[component.cloud].graph,
      };
    }),
  );
}

/** The component as the state has it; undefined while an update is under way, and where there is none any more. */
function settledComponent(exported: ExportedState, name: string): PublicComponent | undefined {
  if (exported.isPending) return undefined;
  return publicStateOf(exported).components.find((one) => one.name === name);
}

function declaredNow(exported: ExportedState, name: string): DeclaredAccess | string {
  if (exported.isPending)
    return "an update of the stack is running, or was killed. Wait until it has ended, or run `pulumi up`.";
  const { components, incomplete } = publicStateOf(exported);
  const unfinished = incomplete.find((one) => one.name === name);
  if (unfinished !== undefined) return unfinished.failure.message;
  const component = components.find((one) => one.name === name);
  if (component === undefined) return "the stack no longer has such a component.";
  return declaredAccess(exported.resources, component);
}
