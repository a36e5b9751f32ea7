import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";

const { types } = v.parse(
  v.object({ types: v.record(v.string(), v.record(v.string(), v.string())) }),
  JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/graph/propertyTypes.json"), "utf8")),
);

/** An object of Graph's as poor as its metadata allows: null in every property that may be null, one item in every list. */
function poorest(type: string): Record<string, unknown> {
  const properties = Object.entries(types[type] ?? {}).map(([name, declared]) => [name, valueOf(declared)]);
  return { ...Object.fromEntries(properties), id: "ID" };
}

function valueOf(declared: string): unknown {
  if (declared.endsWith("?")) return null;
  const [, item] = /^Collection\((.*)\)$/.exec(declared) ?? [];
  if (item !== undefined) return [valueOf(item)];
  if (declared.startsWith("graph.")) return poorest(declared.slice("graph.".length));
  return declared === "Edm.Boolean" ? false : "VALUE";
}

/** Which type stands behind a path, the first that fits. */
const typesByPath: readonly (readonly [RegExp, string])[] = [
  [/\/federatedIdentityCredentials/, "federatedIdentityCredential"],
  [/\/(owners|ownedObjects|appliesTo)/, "user"],
  [/\/transitiveMemberOf/, "group"],
  [/\/(appRoleAssignments|appRoleAssignedTo)/, "appRoleAssignment"],
  [/\/oauth2PermissionGrants/, "oAuth2PermissionGrant"],
  [/\/roleManagement\/directory\/roleAssignments/, "unifiedRoleAssignment"],
  [/\/roleEligibilitySchedules/, "unifiedRoleEligibilitySchedule"],
  [/\/roleAssignmentSchedules/, "unifiedRoleAssignmentSchedule"],
  [/\/eligibilitySchedules/, "privilegedAccessGroupEligibilitySchedule"],
  [/\/assignmentSchedules/, "privilegedAccessGroupAssignmentSchedule"],
  [/\/appManagementPolicies/, "appManagementPolicy"],
  [/\/defaultAppManagementPolicy/, "tenantAppManagementPolicy"],
  [/\/tokenLifetimePolicies/, "tokenLifetimePolicy"],
  [/\/claimsMappingPolicies/, "claimsMappingPolicy"],
  [/\/homeRealmDiscoveryPolicies/, "homeRealmDiscoveryPolicy"],
  [/\/tokenIssuancePolicies/, "tokenIssuancePolicy"],
  [/\/reports\//, "none"],
  [/^\/applications/, "application"],
  [/^\/servicePrincipals/, "servicePrincipal"],
];

/**
 * A Graph that answers every read with the poorest object of its type, in a list where the read wants one.
 *
 * @param changes by type, what its objects have all the same
 */
export function nullTenant(
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): GraphClient {
  function answer(path: string): unknown {
    const type = typesByPath.find(([pattern]) => pattern.test(path))?.[1] ?? path;
    const object = { ...poorest(type), ...changes[type] };
    return { ...object, value: [object] };
  }
  async function read<T>({ path, finish }: GraphRead<T>): Promise<T> {
    return finish(answer(path), async (url) => answer(url.replace(/^\/(v1\.0|beta)/, "")));
  }
  return {
    read,
    async batch<T extends Readonly<Record<string, unknown>>>(reads: {
      readonly [K in keyof T]: GraphRead<T[K]>;
    }) {
      const outcomes = Object.entries<GraphRead<unknown>>(reads).map(
        async ([key, wanted]) => [key, { ok: true, value: await read(wanted) }] as const,
      );
      return Object.fromEntries(await Promise.all(outcomes)) as {
        readonly [K in keyof T]: GraphOutcome<T[K]>;
      };
    },
  };
}
