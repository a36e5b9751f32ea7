import { directoryRoles, type DirectoryRole } from "../../../microsoft/roles.ts";

const byTemplateId = new Map(directoryRoles.map((role) => [role.templateId, role]));
const byName = new Map(directoryRoles.map((role) => [role.displayName, role]));

/** The built-in role with this template id; undefined where there is none. */
export function builtInRole(templateId: string): DirectoryRole | undefined {
  return byTemplateId.get(templateId.toLowerCase());
}

/** The template id of a built-in role. @throws Error where there is no role of that name. */
export function roleTemplateId(displayName: string): string {
  const role = byName.get(displayName);
  if (role === undefined) throw new Error(`There is no built-in role "${displayName}".`);
  return role.templateId;
}

/**
 * The roles that can be assigned over an administrative unit.
 *
 * Source: "Assign Microsoft Entra roles with administrative unit scope", which also names custom roles.
 */
const scopableRoles = new Set(
  [
    "Attribute Assignment Administrator",
    "Attribute Assignment Reader",
    "Authentication Administrator",
    "Cloud Device Administrator",
    "Groups Administrator",
    "Helpdesk Administrator",
    "License Administrator",
    "Password Administrator",
    "Printer Administrator",
    "Privileged Authentication Administrator",
    "SharePoint Administrator",
    "Teams Administrator",
    "Teams Devices Administrator",
    "User Administrator",
  ].map(roleTemplateId),
);

/** Whether a role can be assigned over an administrative unit instead of the whole tenant. */
export function canBeScopedToAdministrativeUnit(templateId: string): boolean {
  return scopableRoles.has(templateId.toLowerCase());
}
