import type { EntityType } from "./entityType.ts";
import {
  readOnly,
  text,
  unsupported,
  onCreate,
  required,
  guid,
  list,
  flag,
  any,
  dateTime,
} from "./property.ts";

/** `unifiedRoleAssignment`. */
export const roleAssignmentType: EntityType = {
  name: "unifiedRoleAssignment",
  properties: {
    id: readOnly(text()),
    appScopeId: unsupported(text()),
    condition: unsupported(text()),
    directoryScopeId: onCreate(text()),
    principalId: onCreate(required(guid())),
    principalOrganizationId: readOnly(guid()),
    roleDefinitionId: onCreate(required(text())),
  },
  filterable: ["id", "principalId", "roleDefinitionId", "directoryScopeId"],
};

/** `unifiedRoleDefinition`. */
export const roleDefinitionType: EntityType = {
  name: "unifiedRoleDefinition",
  properties: {
    id: readOnly(guid()),
    description: readOnly(text()),
    displayName: readOnly(text()),
    isBuiltIn: readOnly(flag(true)),
    isEnabled: readOnly(flag(true)),
    resourceScopes: readOnly(list(text())),
    rolePermissions: readOnly(list(any())),
    templateId: readOnly(text()),
    version: readOnly(text()),
  },
  filterable: ["id", "displayName", "isBuiltIn", "templateId"],
};

/** `directoryRoleTemplate`. */
export const directoryRoleTemplateType: EntityType = {
  name: "directoryRoleTemplate",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    description: readOnly(text()),
    displayName: readOnly(text()),
  },
  filterable: [],
};

/** `directoryRole`. */
export const directoryRoleType: EntityType = {
  name: "directoryRole",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    description: readOnly(text()),
    displayName: readOnly(text()),
    roleTemplateId: onCreate(required(guid())),
  },
  filterable: ["id", "roleTemplateId", "displayName"],
};
