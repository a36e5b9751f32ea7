import * as v from "valibot";
import { isCriticalPermission } from "../../microsoft/criticalPermissions.ts";
import { deployerPermissions, readerPermissions } from "../../microsoft/identityPermissions.ts";
import { manageAsApp, wellKnownResources } from "../../microsoft/permissions.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { one } from "../../graph/graphClient.ts";
import { type AppRoleAssignment, noId, Reference } from "../../graph/objects.ts";
import type { FoundItem } from "./identityRules.ts";

/** The permissions that docs/deployer.md lists, by value. */
export const permittedToDeployers: ReadonlySet<string> = new Set([
  ...deployerPermissions,
  "User.Read.All",
  "Policy.Read.All",
  "AuditLog.Read.All",
]);

/** The permissions that docs/audit.md lists, by value. */
export const permittedToReaders: ReadonlySet<string> = new Set([
  ...readerPermissions,
  "User.Read.All",
  manageAsApp,
]);

/** What an audit reads with, and no update: whoever has one of them is there to read. */
const marksOfReaders: ReadonlySet<string> = new Set(
  readerPermissions.filter((value) => !isCovered(permittedToDeployers, value)),
);

/** Whether a permission is among these, or only reads what one of them writes. */
function isCovered(permitted: ReadonlySet<string>, value: string): boolean {
  return permitted.has(value) || permitted.has(value.replace(".Read.", ".ReadWrite."));
}

const Resource = v.object({
  appId: Reference,
  displayName: v.nullish(v.string()),
  appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
});

/** The application permissions of an identity, compared with what it is there for. */
export interface IdentityRights {
  readonly items: readonly FoundItem[];
  /** What it was taken for, in words. */
  readonly note: string;
}

interface Held {
  /** The permission's name; undefined where its service does not say. */
  readonly value: string | undefined;
  readonly isGraph: boolean;
  readonly item: FoundItem;
}

/**
 * Compares the permissions of an identity with the page that lists what it needs: one that may read what only an audit
 * reads must not write, and any other one deploys. @throws ApiError, SignInError
 */
export async function compareRights(
  graph: GraphClient,
  assignments: readonly AppRoleAssignment[],
): Promise<IdentityRights> {
  const held = await namedRights(graph, assignments);
  const reads = held.some((right) => isAmong(marksOfReaders, right));
  const page = reads ? "docs/audit.md" : "docs/deployer.md";
  const permitted = reads ? permittedToReaders : permittedToDeployers;
  const items = held.filter((right) => !isAmong(permitted, right)).map(({ item }) => ({ ...item, page }));
  return { items, note: reads ? takenForReader : takenForDeployer };
}

function isAmong(permitted: ReadonlySet<string>, { value, isGraph }: Held): boolean {
  if (value === undefined) return false;
  return isGraph ? isCovered(permitted, value) : value === manageAsApp && permitted.has(value);
}

const takenForReader =
  "It can read what only an audit reads. So it is compared with what a reading identity needs (docs/audit.md).";
const takenForDeployer =
  "It is compared with what a deploying identity needs (docs/deployer.md). If it only reads, or runs previews, it needs no right to write.";

async function namedRights(
  graph: GraphClient,
  assignments: readonly AppRoleAssignment[],
): Promise<readonly Held[]> {
  const ids = [...new Set(assignments.map(({ resourceId }) => resourceId))].filter((id) => id !== noId);
  const resources = await graph.batch<Record<string, v.InferOutput<typeof Resource>>>(
    Object.fromEntries(
      ids.map((id) => [id, one(`/servicePrincipals/${id}?$select=id,appId,displayName,appRoles`, Resource)]),
    ),
  );
  return assignments.map(({ appRoleId, resourceId, resourceDisplayName }): Held => {
    const outcome = resources[resourceId];
    const resource = outcome?.ok === true ? outcome.value : undefined;
    const value = resource?.appRoles.find(({ id }) => id === appRoleId)?.value ?? undefined;
    const service = resource?.displayName ?? resourceDisplayName ?? resourceId;
    return {
      value,
      isGraph: resource?.appId === wellKnownResources["MicrosoftGraph"],
      item: {
        rule: "right",
        severity: isCriticalPermission(appRoleId, value) ? "critical" : "high",
        subject: `${resourceId} ${appRoleId}`,
        found: `${value ?? `app role ${appRoleId}`} of ${service}`,
      },
    };
  });
}
