import * as v from "valibot";
import { credentialRoles } from "../../microsoft/credentialWriters.ts";
import { ApiError, isUnlicensed } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, one } from "../../graph/graphClient.ts";
import { NamedObject, RoleAssignment } from "../../graph/objects.ts";
import { rolesOverPath } from "../audit/rules/parts.ts";
import type { KnownApplication } from "./applicationState.ts";
import { waysOf } from "./customRoles.ts";
import { holderLine, type NotRead, notReadLines, readHolders } from "./rightHolders.ts";

/** Who could lift the block of an application. */
export interface BlockLifters {
  /** One by one, with the way. */
  readonly couldLift: readonly string[];
  /** What was not looked at, and why. */
  readonly notRead: readonly string[];
}

/** Reads who could lift a block of the application; what cannot be read is named. @throws SignInError */
export async function readBlockLifters(
  graph: GraphClient,
  { applicationObjectId }: Pick<KnownApplication, "applicationObjectId">,
): Promise<BlockLifters> {
  const path = `/applications/${applicationObjectId}`;
  const [everywhere, ...parts] = await Promise.all([
    readHolders(graph, "liftsBlocks"),
    part("its owners", async () => {
      const owners = await graph.read(all(`${path}/owners?$select=id,displayName`, NamedObject));
      return owners.map(({ id, displayName }) => `owner "${displayName ?? "unnamed"}", object ID ${id}`);
    }),
    part("applications that manage it", async () => {
      const { managerApplications } = await graph.read(one(`${path}?$select=managerApplications`, Managed));
      return (managerApplications ?? []).map((id) => `application ${id}, which manages it`);
    }),
    part("holders of roles over it", async () => {
      const held = await graph.read(
        all(rolesOverPath("roleAssignments", applicationObjectId), RoleAssignment),
      );
      return held.flatMap(liftingRole).map(({ role, who }) => `${role} over it: ${who}`);
    }),
    part("who is eligible for roles over it", async () => {
      const eligible = rolesOverPath("roleEligibilitySchedules", applicationObjectId);
      const held = await graph.read(all(eligible, RoleAssignment));
      return held.flatMap(liftingRole).map(({ role, who }) => `eligible for ${role} over it: ${who}`);
    }),
  ]);
  return {
    couldLift: [...parts.flatMap(({ found }) => found), ...everywhere.holders.map(holderLine)],
    notRead: notReadLines([...parts.flatMap(({ unread }) => unread), ...everywhere.notRead]),
  };
}

function liftingRole({
  principalId,
  roleDefinitionId,
  roleDefinition,
}: RoleAssignment): readonly { readonly role: string; readonly who: string }[] {
  const builtIn = credentialRoles.find(({ templateId }) => templateId === roleDefinitionId);
  const lifts = builtIn?.liftsBlocks ?? (roleDefinition && waysOf(roleDefinition, "liftsBlocks").length > 0);
  if (lifts !== true) return [];
  const role = builtIn?.name ?? `custom role "${roleDefinition?.displayName ?? roleDefinitionId}"`;
  return [{ role, who: `principal, object ID ${principalId}` }];
}

async function part(
  what: string,
  reading: () => Promise<readonly string[]>,
): Promise<{ readonly found: readonly string[]; readonly unread: readonly NotRead[] }> {
  try {
    return { found: await reading(), unread: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { found: [], unread: isUnlicensed(error) ? [] : [{ what, reason: error.failure.reason }] };
  }
}

const Managed = v.object({ managerApplications: v.nullish(v.array(v.string())) });
