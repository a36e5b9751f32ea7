import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { readRoleRules, type RoleAssignmentRules } from "../../graph/roleSchedules.ts";

/**
 * The tenant's rules for assigning each role, by its template id.
 *
 * @returns undefined where the identity may not read them
 * @throws ApiError, SignInError
 */
export async function readRules(
  graph: GraphClient,
  roleTemplateIds: readonly string[],
): Promise<ReadonlyMap<string, RoleAssignmentRules> | undefined> {
  try {
    const rules = await Promise.all(
      roleTemplateIds.map(async (id) => [id, await readRoleRules(graph, id)] as const),
    );
    return new Map(rules);
  } catch (error) {
    const status = error instanceof ApiError ? error.failure.status : undefined;
    if (status === 401 || status === 403) return undefined;
    throw error;
  }
}

/** How long each role may last, ISO 8601, by its template id; none where it may go without an end. */
export function limitsOf(
  rules: ReadonlyMap<string, RoleAssignmentRules> | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    [...(rules ?? [])].flatMap(([id, { maximumDuration }]) =>
      maximumDuration === undefined ? [] : [[id, maximumDuration] as const],
    ),
  );
}
