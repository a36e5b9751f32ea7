import * as v from "valibot";
import type { GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, withEach } from "../../graph/graphClient.ts";
import { RoleDefinition } from "../../graph/objects.ts";
import type { Reach } from "../../microsoft/credentialWriters.ts";
import { applicationActions } from "../../microsoft/credentialWriters.ts";

/** A custom directory role, with what it allows and who has it. */
export interface CustomRole<T> {
  /** As `custom role "Application support"`. */
  readonly right: string;
  /** How its holders get there, after "which". */
  readonly way: string;
  readonly held: readonly T[];
}

const CustomRoleDefinition = v.object({ id: v.string(), ...RoleDefinition.entries });

/**
 * Reads the custom roles that allow what reaches so far, each with who has it.
 *
 * @param heldBy reads who has a role, by its ID
 */
export function customRolesWith<T>(
  reach: Reach,
  heldBy: (roleDefinitionId: string) => GraphRead<readonly T[]>,
): GraphRead<readonly CustomRole<T>[]> {
  const definitions = all(
    "/roleManagement/directory/roleDefinitions?$filter=isBuiltIn%20eq%20false",
    CustomRoleDefinition,
  );
  const withHolders = withEach(definitions, (definition) =>
    waysOf(definition, reach).length === 0 ? undefined : heldBy(definition.id),
  );
  return mapped(withHolders, (pairs) =>
    pairs.map(([definition, held]) => ({
      right: `custom role "${definition.displayName ?? definition.id}"`,
      way: waysOf(definition, reach).join(", and "),
      held,
    })),
  );
}

/** What a role allows that reaches so far, in words after "which". */
export function waysOf(definition: RoleDefinition, reach: Reach): readonly string[] {
  const allowed = new Set(allowedActions(definition).map((action) => action.toLowerCase()));
  return applicationActions
    .filter((one) => one[reach] && one.actions.some((action) => allowed.has(action.toLowerCase())))
    .map(({ way }) => way);
}

/** The actions that a role allows, in the order of the alphabet. */
export function allowedActions({ rolePermissions }: RoleDefinition): readonly string[] {
  return (rolePermissions ?? [])
    .flatMap(({ allowedResourceActions }) =>
      Array.isArray(allowedResourceActions) ? allowedResourceActions.map(String) : [],
    )
    .toSorted();
}
