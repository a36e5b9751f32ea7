import type { TimedRoleGrant } from "../timedRoles/grantTimedRoles.ts";
import type { GrantResult } from "./grant.ts";
import type { ServiceGrant } from "./serviceGrant.ts";

/** What `grant` came to, in Exchange and in Entra. */
export interface GivenRoles extends GrantResult {
  /** Roles of Entra with an end, of the components that declare some or had some. */
  readonly timedRoles: readonly TimedRoleGrant[];
  /** Present where roles were moved before an update. */
  readonly beforeUpdate?: true;
}

/** Whether something is left to do, or not shown yet. */
export function isLeftOpen({ applied, grants, timedRoles }: GivenRoles): boolean {
  return [...grants, ...timedRoles].some((one) => (applied ? one.pending.length > 0 : hasSteps(one)));
}

/** Whether something was changed, or would be, in the tenant or in the state. */
export function hasSteps(one: ServiceGrant | TimedRoleGrant): boolean {
  return one.steps.length > 0 || ("state" in one && (one.state ?? []).length > 0);
}
