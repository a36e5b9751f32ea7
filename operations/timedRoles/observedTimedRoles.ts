import type { GraphClient } from "../../graph/graphClient.ts";
import { readActiveRoles, readRoleRequests } from "../../graph/roleSchedules.ts";
import { ledgerText } from "../grant/ledger.ts";
import type { Owner } from "../grant/ownNames.ts";

/** A role that a principal has over the whole tenant now. */
export interface ObservedTimedRole {
  readonly roleTemplateId: string;
  /** RFC 3339; absent where it does not end. */
  readonly end?: string;
  /** Whether exo-auth gave it, or its end. */
  readonly isOwn: boolean;
}

/**
 * What `exo-auth grant` writes as the reason of each request. An assignment has no other room for whose it is.
 */
export function justificationOf(owner: Owner): string {
  return ledgerText(owner, []);
}

/** The roles that a component's service principal has over the whole tenant now. @throws ApiError, SignInError */
export async function observeTimedRoles(
  graph: GraphClient,
  owner: Owner,
): Promise<readonly ObservedTimedRole[]> {
  const [active, requests] = await Promise.all([
    observeActiveRoles(graph, owner.servicePrincipalObjectId),
    readRoleRequests(graph, owner.servicePrincipalObjectId),
  ]);
  const own = new Set(
    requests
      // A request that nothing came of names no schedule.
      .filter((one) => one.targetScheduleId !== "" && one.justification === justificationOf(owner))
      .map(({ targetScheduleId }) => targetScheduleId),
  );
  return active.map(({ scheduleId, ...role }) => ({ ...role, isOwn: own.has(scheduleId) }));
}

/**
 * As `observeTimedRoles`, without whose they are: who may only read is not told the requests. Where there are several of one
 * role, the first is the one that lasts longest.
 *
 * @throws ApiError, SignInError
 */
export async function observeActiveRoles(
  graph: GraphClient,
  servicePrincipalObjectId: string,
): Promise<readonly (Omit<ObservedTimedRole, "isOwn"> & { readonly scheduleId: string })[]> {
  const active = await readActiveRoles(graph, servicePrincipalObjectId);
  return active
    .filter(({ directoryScopeId }) => directoryScopeId === "/")
    .map(({ scheduleId, roleDefinitionId, end }) => ({
      scheduleId,
      roleTemplateId: roleDefinitionId,
      ...(end !== undefined && { end }),
    }))
    .toSorted((a, b) => endOf(b) - endOf(a));
}

/** Larger than any time where there is no end; a difference of two of these is a number. */
function endOf({ end }: Pick<ObservedTimedRole, "end">): number {
  return end === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(end);
}
