import { exchangeRoles } from "../microsoft/roles.ts";
import { timeText } from "../common/time.ts";
import { rotationDue } from "./rotation/schedule.ts";
import type { StackComponent, StackState } from "../stack/components.ts";

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
  /** When `exo-auth rotate` would add the next generation, without options of its own. */
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
    components: components.map((component) => componentStatus(component, `${project}/${stack}`, now)),
    expiring: components
      .filter((component) => expiringWithinMs !== undefined && ends(component) < expiringWithinMs)
      .map(({ name }) => name),
  };
}

function componentStatus(component: StackComponent, spreadKey: string, now: Date): ComponentStatus {
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
    nextRotation: timeText(
      rotationDue(
        {
          notBefore: Date.parse(current.certificateNotBefore),
          notAfter: Date.parse(current.certificateNotAfter),
        },
        spreadKey,
      ),
    ),
  };
}
