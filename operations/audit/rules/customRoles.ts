import { counted } from "../../../common/counted.ts";
import * as v from "valibot";
import { RoleAssignment, type RoleDefinition } from "../../../graph/objects.ts";
import type { AuditRule, DeclaringResource, Observation, ObservedItem, RuleRead } from "../rule.ts";
import { readsAll } from "../rule.ts";
import { allowedActions } from "../../tenant/customRoles.ts";
import { text } from "../stateValues.ts";
import { ofPrincipal, overObject } from "./parts.ts";
import { readsRolesOfGroups } from "./rolesOfGroups.ts";
import { customRoleKey, isCustom } from "./roleWords.ts";

/** The id of the finding of a custom role. */
export const customRoleId = "EXO-AUDIT-CUSTOM-ROLE";

const permission = "RoleManagement.Read.Directory";

/** Where the roles of the application, and over it, are listed: active, to be taken, or from later on. */
const parts = [
  ["roles", ofPrincipal("roleAssignments")],
  ["rolesOverApplication", overObject("roleAssignments", "applicationObjectId")],
  ["rolesOverServicePrincipal", overObject("roleAssignments", "servicePrincipalObjectId")],
  ["eligibilities", ofPrincipal("roleEligibilitySchedules")],
  ["eligibilitiesOverApplication", overObject("roleEligibilitySchedules", "applicationObjectId")],
  ["eligibilitiesOverServicePrincipal", overObject("roleEligibilitySchedules", "servicePrincipalObjectId")],
  ["roleSchedules", ofPrincipal("roleAssignmentSchedules")],
  ["schedulesOverApplication", overObject("roleAssignmentSchedules", "applicationObjectId")],
  ["schedulesOverServicePrincipal", overObject("roleAssignmentSchedules", "servicePrincipalObjectId")],
] as const;

/** What custom roles allow: it can change under the ID of a role that the stack gives, or that somebody accepted. */
export const customRoleRules: readonly AuditRule[] = [
  {
    id: customRoleId,
    title: "Custom directory role",
    severity: "high",
    why: "What it allows can change under the same ID.",
    source: "https://learn.microsoft.com/entra/identity/role-based-access-control/custom-create",
    reads: [
      ...parts.map(([name, path]): RuleRead =>
        readsAll({ name, path, permission }, { schema: RoleAssignment }, customRoles),
      ),
      readsRolesOfGroups((found) => customRoles(found.flatMap(([, held]) => held))),
    ],
    otherRemedy:
      "look at what it allows. Then accept it in .exo-auth, or declare the role in the same stack (azuread.CustomDirectoryRole)",
    declaredBy: { CustomDirectoryRole: declared },
  },
];

function customRoles(found: readonly RoleAssignment[]): Observation {
  return {
    items: found.filter(isCustom).flatMap(({ roleDefinitionId, roleDefinition }): readonly ObservedItem[] => {
      // Graph gives it with each role that there is.
      if (!roleDefinition) return [];
      const { displayName } = roleDefinition;
      return [
        {
          key: customRoleKey(roleDefinitionId, roleDefinition),
          found: `"${displayName ?? "unnamed"}", ID ${roleDefinitionId}, ${allows(roleDefinition)}`,
        },
      ];
    }),
  };
}

/** So many actions are named. */
const shown = 10;

function allows(definition: RoleDefinition): string {
  const actions = allowedActions(definition);
  if (actions.length === 0) return "which allows nothing";
  const more = actions.length > shown ? `, and ${counted(actions.length - shown, "other action")}` : "";
  return `which allows ${actions.slice(0, shown).join(", ")}${more}`;
}

const Permissions = v.array(v.record(v.string(), v.unknown()));

function declared({ state, wanted }: DeclaringResource): readonly string[] {
  const rolePermissions = v.safeParse(Permissions, wanted["permissions"]);
  if (!rolePermissions.success) return [];
  const definition = { isEnabled: wanted["enabled"] !== false, rolePermissions: rolePermissions.output };
  return [customRoleKey(text(state["objectId"]), definition)];
}
