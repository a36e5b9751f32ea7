import { componentType } from "../../common/typeTokens.ts";
import {
  appOnlyRoles,
  directoryRoles,
  findRole,
  globalAdministratorTemplateId,
  roleName,
} from "../../microsoft/roles.ts";
import { text, type KnownResource } from "../knownResource.ts";
import { type PolicyRule, textsOf } from "../rule.ts";
import { azuread } from "../types.ts";

/** Where each of azuread's resources names a role: a template ID, or the ID of a custom role. */
const roleProperties: Readonly<Record<string, readonly string[]>> = {
  [azuread("DirectoryRoleAssignment")]: ["roleId"],
  [azuread("DirectoryRoleEligibilityScheduleRequest")]: ["roleDefinitionId"],
  // What gives a role by the object ID of its activation, such as DirectoryRoleMember, needs this one.
  [azuread("DirectoryRole")]: ["templateId", "displayName"],
};

const byDefault = appOnlyRoles
  .filter(({ templateId }) => templateId !== globalAdministratorTemplateId)
  .map(({ displayName }) => displayName);

/** What roles a stack may assign. */
export const roleRules: readonly PolicyRule[] = [
  {
    name: "no-global-administrator",
    description: "No stack assigns Global Administrator.",
    source: {
      title: "CISA MS.AAD.7.2",
      url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md#msaad72v1",
    },
    severity: "critical",
    level: "mandatory",
    checkResource: (resource) =>
      assigned(resource)
        .filter(({ id }) => id === globalAdministratorTemplateId)
        .map(({ property }) => ({
          problem: `has the role "Global Administrator" in \`${property}\``,
          remedy: 'Choose a narrower role, such as "Exchange Administrator".',
        })),
  },
  {
    name: "allowed-roles",
    description: "A stack assigns only roles of an allowed list.",
    source: {
      title: "Microsoft's roles for app-only authentication",
      url: "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2",
    },
    severity: "high",
    level: "mandatory",
    settings: {
      roles: {
        type: "array",
        items: { type: "string" },
        default: byDefault,
        description: "The allowed roles, each by its name or ID. A custom role goes by its ID.",
      },
    },
    checkResource: (resource, settings) => {
      const roles = textsOf(settings, "roles");
      const allowed = new Set(roles.map(roleId));
      return assigned(resource)
        .filter(({ id }) => id !== globalAdministratorTemplateId && !allowed.has(id))
        .map(({ id, property }) => ({
          problem: `has the role "${roleName(id) ?? id}" in \`${property}\`, which is not in \`roles\``,
          remedy: `Choose one of ${roles.join(", ") || "none"}, or add the role to \`roles\`.`,
        }));
    },
  },
];

interface AssignedRole {
  readonly id: string;
  readonly property: string;
}

function assigned(resource: KnownResource): readonly AssignedRole[] {
  if (resource.type === componentType) return timed(resource);
  return (roleProperties[resource.type] ?? []).flatMap((property) => {
    const role = text(resource, property);
    return role === undefined ? [] : [{ id: roleId(role), property }];
  });
}

/** The roles that a component declares until a time: no resource of azuread gives them. */
function timed({ properties }: KnownResource): readonly AssignedRole[] {
  const declared = properties["timedRoles"];
  return (Array.isArray(declared) ? declared : []).flatMap((one: unknown, index) => {
    const role =
      typeof one === "object" && one !== null && "roleTemplateId" in one ? one.roleTemplateId : undefined;
    return typeof role === "string" ? [{ id: roleId(role), property: `timedRoles[${index}].role` }] : [];
  });
}

function roleId(nameOrId: string): string {
  return findRole(directoryRoles, nameOrId)?.templateId ?? nameOrId.trim().toLowerCase();
}
