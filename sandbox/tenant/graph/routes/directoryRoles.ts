import { type DirectoryRole, directoryRoles as builtInRoles } from "../../../../microsoft/roles.ts";
import { builtInRole } from "../../catalogue/directoryRoles.ts";
import { conflictingObject, invalidValue, referenceExists, resourceNotFound } from "../errors.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { directoryRoleTemplateType, directoryRoleType } from "../../model/directoryRoles.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { removeRoleAssignment } from "../../directory/schedules.ts";
import { roleAssignmentId } from "../../identifiers.ts";
import { activatedRole, activateRole, membersOfRole } from "../../directory/memberships.ts";
import {
  directoryReaders,
  readRoleManagement,
  roleAdministrators,
  writeRoleManagement,
} from "./permissions.ts";
import { directoryRoleExpansions } from "./expansions.ts";
import { idOf, referencedId, referenceUrl } from "./references.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";
import { assignRole } from "./roleAssignments.ts";
import { deltaRoute } from "./deltaRoute.ts";

const reading = {
  type: directoryRoleType,
  permissions: readRoleManagement,
  directoryRoles: directoryReaders,
};

const writing = {
  type: directoryRoleType,
  permissions: writeRoleManagement,
  directoryRoles: roleAdministrators,
};

/** Directory roles as the older API has them: templates, and those that are activated in the tenant. */
export const directoryRoleRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    type: directoryRoleTemplateType,
    method: "GET",
    path: "/directoryRoleTemplates",
    title: "List directory role templates",
    query: ["$select"],
    handle: (request) =>
      collection(
        { ...request, query: { ...request.query, top: builtInRoles.length } },
        directoryRoleTemplateType,
        builtInRoles.map(presentTemplate),
      ),
  },
  {
    ...reading,
    type: directoryRoleTemplateType,
    method: "GET",
    path: "/directoryRoleTemplates/:id",
    title: "Read a directory role template",
    query: ["$select"],
    handle: (request) => {
      const role = builtInRole(idOf(request));
      if (role === undefined) throw resourceNotFound(request.params.id ?? "");
      return entity(request, directoryRoleTemplateType, presentTemplate(role));
    },
  },
  {
    ...reading,
    method: "GET",
    path: "/directoryRoles",
    title: "List activated directory roles",
    query: ["$select", "$filter", "$count", "$expand"],
    expand: directoryRoleExpansions,
    handle: (request) => collection(request, directoryRoleType, request.tenant.directoryRoles.values()),
  },
  deltaRoute({
    ...reading,
    type: directoryRoleType,
    path: "/directoryRoles",
    all: ({ tenant }) => [...tenant.directoryRoles.values()],
  }),
  {
    ...writing,
    method: "POST",
    path: "/directoryRoles",
    title: "Activate a directory role",
    takesBody: true,
    handle: activate,
  },
  {
    ...reading,
    method: "GET",
    path: "/directoryRoles/:id",
    title: "Read an activated directory role",
    query: ["$select", "$expand"],
    expand: directoryRoleExpansions,
    handle: (request) => entity(request, directoryRoleType, find(request)),
  },
  ...relationshipRoutes({
    ...reading,
    path: "/directoryRoles/:id/members",
    title: "List who has a directory role over the whole tenant",
    types: ["user", "servicePrincipal", "group"],
    idsOf: (request) => membersOfRole(request.tenant, textOf(find(request).roleTemplateId)),
  }),
  {
    ...writing,
    method: "POST",
    path: "/directoryRoles/:id/members/$ref",
    title: "Give an activated directory role over the whole tenant",
    takesBody: true,
    handle: addMember,
  },
  {
    ...writing,
    method: "DELETE",
    path: "/directoryRoles/:id/members/:memberId/$ref",
    title: "Take a directory role over the whole tenant away",
    handle: removeMember,
  },
];

function presentTemplate(role: DirectoryRole): JsonObject {
  return {
    id: role.templateId,
    deletedDateTime: null,
    displayName: role.displayName,
    description: role.displayName,
  };
}

function activate(request: GraphRequest): Reply {
  const { properties } = checkBody(request.body, directoryRoleType, directoryRoleType.properties, undefined);
  const roleTemplateId = textOf(properties.roleTemplateId).toLowerCase();
  if (builtInRole(roleTemplateId) === undefined) throw invalidValue("roleTemplateId", "directoryRole");
  if (activatedRole(request.tenant, roleTemplateId) !== undefined) throw conflictingObject();
  return entity(request, directoryRoleType, activateRole(request.tenant, roleTemplateId), 201);
}

function addMember(request: GraphRequest): Reply {
  const roleDefinitionId = textOf(find(request).roleTemplateId);
  const principalId = referencedId(request.tenant, referenceUrl(request.body));
  if (membersOfRole(request.tenant, roleDefinitionId).includes(principalId)) throw referenceExists("members");
  assignRole(request.tenant, { principalId, roleDefinitionId, directoryScopeId: "/" });
  return noContent;
}

function removeMember(request: GraphRequest): Reply {
  const roleDefinitionId = textOf(find(request).roleTemplateId);
  const principalId = idOf(request, "memberId");
  if (!membersOfRole(request.tenant, roleDefinitionId).includes(principalId)) {
    throw resourceNotFound(principalId);
  }
  removeRoleAssignment(request.tenant, roleAssignmentId(roleDefinitionId, principalId, "/"));
  return noContent;
}

/** By object id, or by template in `directoryRoles(roleTemplateId='…')`, which Graph takes without parentheses, too. */
function find(request: GraphRequest): JsonObject {
  const [, template] = /^roleTemplateId=(.*)$/i.exec(request.params.id ?? "") ?? [];
  const role =
    template === undefined
      ? request.tenant.directoryRoles.get(idOf(request))
      : activatedRole(request.tenant, template.toLowerCase());
  if (role === undefined) throw resourceNotFound(request.params.id ?? "");
  return role;
}
