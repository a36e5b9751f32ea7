import { readClaims } from "../../graph/accessToken.ts";
import type { Endpoints } from "../../graph/endpoints.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import { createRoleChanger } from "../../graph/roleSchedules.ts";
import { createCredential, type Identity } from "../../graph/signIn.ts";
import { scheduleWriters } from "../../microsoft/rolePolicies.ts";
import { templateIdOf } from "../../microsoft/roles.ts";
import type { TimedRoleAccess, TimedRoleOwner } from "./lookAtTimedRoles.ts";

/** Who assigns roles of Entra, and how. */
export interface TimedRoleAccessOptions {
  readonly identity: Identity;
  readonly endpoints: Endpoints;
  readonly signal: AbortSignal;
  readonly retryDelayMs?: number;
}

/** A way to a tenant's roles of Entra. */
export interface OpenedTimedRoles extends TimedRoleAccess {
  /** Whether the identity has a right that lets it assign roles; who has none is refused. */
  readonly mayChange: boolean;
}

/** Signs in to Microsoft Graph of a component's tenant. @throws SignInError */
export async function openTimedRoles(
  { tenantId }: Pick<TimedRoleOwner, "tenantId">,
  { identity, endpoints, ...options }: TimedRoleAccessOptions,
): Promise<OpenedTimedRoles> {
  const credential = createCredential({ ...identity, tenantId }, endpoints);
  const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: options.signal });
  const { roles, scp, wids } = readClaims(token);
  return {
    graph: createGraphClient(credential, endpoints.graph, options),
    change: createRoleChanger(credential, endpoints.graph, options),
    mayChange:
      scp !== undefined ||
      roles.some((one) => scheduleWriters.includes(one)) ||
      wids.some((one) => roleAdministrators.has(one)),
  };
}

const roleAdministrators = new Set(
  ["Privileged Role Administrator", "Global Administrator"].map(templateIdOf),
);
