import { type Endpoints, resolveEndpoints } from "../../graph/endpoints.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { readingIdentity, type ReadingOptions } from "../tenant/readingIdentity.ts";
import type { TimedRoleSubject } from "../timedRoles/grantTimedRoles.ts";
import { type OpenedTimedRoles, openTimedRoles } from "../timedRoles/timedRoleAccess.ts";
import { isDeclared, type RoleService } from "./declaredRoles.ts";
import { requireOtherIdentity } from "./grantIdentity.ts";
import type { ScriptSubject } from "./grantScript.ts";
import { requireApplicationIdentity, type RoleAccess, roleAccess } from "./roleAccess.ts";

/** Who gives roles, and the ways to where they are given. */
export interface OpenedGrants {
  /** Undefined where it is a person. */
  readonly clientId: string | undefined;
  /** Whether roles of Exchange are looked at: a person's sign-in cannot, so that it must not be asked for. */
  readonly mayChangeExchange: (subjects: readonly ScriptSubject[]) => boolean;
  /** @throws Failure where it is a person */
  readonly exchangeRoles: (subject: ScriptSubject, service: RoleService) => RoleAccess;
  /** @throws SignInError */
  readonly timedRoles: (subject: TimedRoleSubject) => Promise<OpenedTimedRoles>;
}

/**
 * Finds out who gives roles in the clouds of these components.
 *
 * @param jobs every component of the stack: none of their applications may give roles, whichever component is meant
 * @throws Failure, ApiError
 */
export async function openGrants(
  subjects: readonly { readonly cloud: Cloud }[],
  jobs: readonly { readonly component: string; readonly appId: string }[],
  options: ReadingOptions,
): Promise<OpenedGrants> {
  const { identity, env } = await readingIdentity(options);
  const clientId = identity.kind === "azureCli" ? undefined : identity.clientId;
  requireOtherIdentity({ subjects: jobs, clientId });
  const { signal } = options;
  const clouds = [...new Set(subjects.map(({ cloud }) => cloud))];
  const endpoints = new Map(
    await Promise.all(clouds.map(async (cloud) => [cloud, await resolveEndpoints(cloud, env)] as const)),
  );
  const endpointsOf = ({ cloud }: { readonly cloud: Cloud }): Endpoints => endpoints.get(cloud)!;
  const isPerson = identity.kind === "azureCli";
  return {
    clientId,
    mayChangeExchange: (all) =>
      !isPerson || all.some(({ declared }) => Object.values(declared).some(isDeclared)),
    exchangeRoles: (subject, service) =>
      roleAccess(subject, service, {
        identity: requireApplicationIdentity(identity),
        endpoints: endpointsOf(subject),
        signal,
      }),
    timedRoles: async (subject) =>
      openTimedRoles(subject, { identity, endpoints: endpointsOf(subject), signal }),
  };
}
