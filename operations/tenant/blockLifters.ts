import * as v from "valibot";
import { credentialRoles } from "../../microsoft/credentialWriters.ts";
import { wellKnownResources } from "../../microsoft/permissions.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient, GraphRead } from "../../graph/graphClient.ts";
import { all, one, quoted } from "../../graph/graphClient.ts";
import { NamedObject, Reference } from "../../graph/objects.ts";
import { holdersOfCustomRoles } from "./customRoles.ts";
import type { KnownApplication } from "./applicationState.ts";

/** Who could lift the block of an application. */
export interface BlockLifters {
  /** One by one, with the way. */
  readonly couldLift: readonly string[];
  /** What was not looked at, and why. */
  readonly notRead: readonly string[];
}

const graphAppId = wellKnownResources["MicrosoftGraph"] ?? "";

/** An application with this permission of Microsoft Graph may write `isDisabled`. */
const writesApplications = "Application.ReadWrite.All";
const liftingRoles = credentialRoles.filter(({ liftsBlocks }) => liftsBlocks);

/** Reads who could lift a block of the application; what cannot be read is named. @throws SignInError */
export async function readBlockLifters(
  graph: GraphClient,
  { applicationObjectId }: Pick<KnownApplication, "applicationObjectId">,
): Promise<BlockLifters> {
  const assignments = "/roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20";
  const scopes = new Set(["/", `/${applicationObjectId}`]);
  const parts = await Promise.all([
    part("its owners", async () => {
      const owners = await read(
        all(`/applications/${applicationObjectId}/owners?$select=id,displayName`, NamedObject),
      );
      return owners.map(({ id, displayName }) => `owner "${displayName ?? "unnamed"}", object ID ${id}`);
    }),
    part("applications that manage it", async () => {
      const { managerApplications } = await read(
        one(`/applications/${applicationObjectId}?$select=managerApplications`, Managed),
      );
      return (managerApplications ?? []).map((id) => `application ${id}, which manages it`);
    }),
    ...liftingRoles.map(({ name, templateId }) =>
      part(`holders of ${name}`, async () => {
        const held = await read(all(`${assignments}${quoted(templateId)}`, Assignment));
        return held
          .filter(({ directoryScopeId }) => scopes.has(directoryScopeId ?? ""))
          .map(({ principalId }) => `${name}: principal ${principalId}`);
      }),
    ),
    part("holders of custom roles", async () => {
      const found = await read(
        holdersOfCustomRoles("roleAssignments", ({ liftsBlocks }) => liftsBlocks, Assignment),
      );
      return found.flatMap(({ right, way, held }) =>
        held
          .filter(({ directoryScopeId }) => scopes.has(directoryScopeId ?? ""))
          .map(({ principalId }) => `${right}, which ${way}: principal ${principalId}`),
      );
    }),
    part(`applications with ${writesApplications}`, async () => {
      const found = await read(
        all(`/servicePrincipals?$filter=appId%20eq%20${quoted(graphAppId)}&$select=id,appRoles`, Resource),
      );
      const granted = await Promise.all(
        found.map(({ id }) => read(all(`/servicePrincipals/${id}/appRoleAssignedTo`, Grant))),
      );
      // Its id is not the same in every cloud.
      const wanted = new Set(
        found
          .flatMap(({ appRoles }) => appRoles)
          .filter(({ value }) => value === writesApplications)
          .map(({ id }) => id),
      );
      return granted
        .flat()
        .filter(({ appRoleId }) => wanted.has(appRoleId))
        .map(
          ({ principalId, principalDisplayName }) =>
            `application "${principalDisplayName ?? "unnamed"}" with ${writesApplications}: service principal ${principalId}`,
        );
    }),
  ]);
  return {
    couldLift: parts.flatMap(({ found }) => found),
    notRead: [...parts.flatMap(({ unread }) => unread), "holders who are only eligible for these roles"],
  };

  function read<T>(wanted: GraphRead<T>): Promise<T> {
    return graph.read(wanted);
  }
}

async function part(
  what: string,
  reading: () => Promise<readonly string[]>,
): Promise<{ readonly found: readonly string[]; readonly unread: readonly string[] }> {
  try {
    return { found: await reading(), unread: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { found: [], unread: [`${what} (${error.failure.reason})`] };
  }
}

const Managed = v.object({ managerApplications: v.nullish(v.array(v.string())) });
const Assignment = v.object({ principalId: Reference, directoryScopeId: v.nullish(v.string()) });
const Resource = v.object({
  id: v.string(),
  appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
});
const Grant = v.object({
  appRoleId: v.string(),
  principalId: Reference,
  principalDisplayName: v.nullish(v.string()),
});
