import type { EntityType } from "./entityType.ts";
import { any, flag, guid, list, onCreate, readOnly, required, text } from "./property.ts";

/** `unifiedRoleDefinition`, as Exchange Online fills it: a management role. */
export const managementRoleType: EntityType = {
  name: "unifiedRoleDefinition",
  properties: {
    id: readOnly(guid()),
    allowedPrincipalTypes: readOnly(text()),
    description: readOnly(text()),
    displayName: readOnly(text()),
    isBuiltIn: readOnly(flag(true)),
    isEnabled: readOnly(flag(true)),
    rolePermissions: readOnly(list(any())),
    templateId: readOnly(text()),
    version: readOnly(text()),
  },
  filterable: ["id", "displayName", "isBuiltIn"],
};

/** `unifiedRoleAssignment`, as Exchange Online fills it: principal and scope are paths. */
export const managementRoleAssignmentType: EntityType = {
  name: "unifiedRoleAssignment",
  properties: {
    id: readOnly(guid()),
    appScopeId: onCreate(text()),
    directoryScopeId: onCreate(text()),
    principalId: onCreate(required(text())),
    roleDefinitionId: onCreate(required(text())),
  },
  filterable: ["id", "appScopeId", "directoryScopeId", "principalId", "roleDefinitionId"],
};

/** `customAppScope`: a management scope. */
export const customAppScopeType: EntityType = {
  name: "customAppScope",
  properties: {
    id: readOnly(guid()),
    customAttributes: readOnly(any()),
    displayName: readOnly(text()),
    type: readOnly(text()),
  },
  filterable: ["id", "displayName", "type"],
};
