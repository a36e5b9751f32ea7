import { exchangeRoles } from "../../components/roles.ts";
import type { Generation, StackComponent, StackState } from "../stackState.ts";

/** What `status` tells of a stack. */
export interface StatusResult {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended. */
  readonly updated: string;
  readonly components: readonly ComponentStatus[];
  /** Names of the components whose current certificate ends within the time asked for. */
  readonly expiring: readonly string[];
}

/** One component. */
export interface ComponentStatus {
  readonly component: string;
  readonly cloud: string;
  readonly tenantId: string;
  readonly tenantDomain: string;
  readonly appId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  /** Names of the Entra roles, or template ids where we know no name. */
  readonly roles: readonly string[];
  /** The current one first. */
  readonly generations: readonly GenerationStatus[];
  /** When the next generation is due: after two thirds of the current certificate's lifetime. */
  readonly nextRotation: string;
}

/** One certificate. */
export interface GenerationStatus {
  readonly generation: string;
  readonly current: boolean;
  readonly thumbprint: string;
  readonly keyId: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until it ends; negative once it has ended. */
  readonly daysLeft: number;
}

const dayMs = 86_400_000;

/**
 * What a stack's last update left behind.
 *
 * @param expiringWithinMs how far ahead `expiring` looks
 */
export function status(
  { project, stack, updated }: StackState,
  components: readonly StackComponent[],
  now: Date,
  expiringWithinMs?: number,
): StatusResult {
  const ends = (component: StackComponent): number =>
    Date.parse(component.generations[0].certificateNotAfter) - now.getTime();
  return {
    project,
    stack,
    updated,
    components: components.map((component) => componentStatus(component, now)),
    expiring: components
      .filter((component) => expiringWithinMs !== undefined && ends(component) < expiringWithinMs)
      .map(({ name }) => name),
  };
}

function componentStatus(component: StackComponent, now: Date): ComponentStatus {
  const { name, cloud, tenantId, tenantDomain, appId, applicationObjectId, servicePrincipalObjectId } =
    component;
  const [current] = component.generations;
  return {
    component: name,
    cloud,
    tenantId,
    tenantDomain,
    appId,
    applicationObjectId,
    servicePrincipalObjectId,
    roles: component.roleTemplateIds.map(
      (id) => exchangeRoles.find(({ templateId }) => templateId === id)?.displayName ?? id,
    ),
    generations: component.generations.map((generation) => ({
      generation: generation.generation,
      current: generation === current,
      thumbprint: generation.thumbprint,
      keyId: generation.keyId,
      notBefore: generation.certificateNotBefore,
      notAfter: generation.certificateNotAfter,
      daysLeft: Math.floor((Date.parse(generation.certificateNotAfter) - now.getTime()) / dayMs),
    })),
    nextRotation: rotationDue(current),
  };
}

/** Two thirds into the certificate's own lifetime, as cert-manager has it; whole seconds. */
function rotationDue({ certificateNotBefore, certificateNotAfter }: Generation): string {
  const begin = Date.parse(certificateNotBefore);
  const due = begin + ((Date.parse(certificateNotAfter) - begin) * 2) / 3;
  return `${new Date(due).toISOString().slice(0, 19)}Z`;
}
