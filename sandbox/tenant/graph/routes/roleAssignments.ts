import { isGuid } from "../../../../common/guid.ts";
import { directoryRoles } from "../../../../microsoft/roles.ts";
import { builtInRole, canBeScopedToAdministrativeUnit } from "../../catalogue/directoryRoles.ts";
import { badRequest, conflictingObject, resourceNotFound } from "../errors.ts";
import { roleAssignmentId } from "../../identifiers.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { roleAssignmentType, roleDefinitionType } from "../../model/directoryRoles.ts";
import { presentRoleDefinition } from "../../directory/present.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { findDirectoryObject, type RoleAssignment, type TenantState } from "../../state.ts";
import { removeRoleAssignment } from "../../directory/schedules.ts";
import { activateRole } from "../../directory/memberships.ts";
import { roleExpansions } from "./expansions.ts";
import { readRoleManagement, roleAdministrators, writeRoleManagement } from "./permissions.ts";

const readers = [
  ...roleAdministrators,
  "Global Reader",
  "Directory Readers",
  "Security Reader",
  "Security Administrator",
];
const reading = { type: roleAssignmentType, permissions: readRoleManagement, directoryRoles: readers };
const writing = {
  type: roleAssignmentType,
  permissions: writeRoleManagement,
  directoryRoles: roleAdministrators,
};
const path = "/roleManagement/directory/roleAssignments";

/** Directory roles: their definitions, and who has them. */
export const roleAssignmentRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path,
    title: "List role assignments",
    query: ["$select", "$filter", "$top", "$count", "$expand"],
    expand: roleExpansions,
    handle: (request) =>
      collection(request, roleAssignmentType, [...request.tenant.roleAssignments.values()].map(present)),
  },
  { ...writing, method: "POST", path, title: "Assign a directory role", takesBody: true, handle: create },
  {
    ...reading,
    method: "GET",
    path: `${path}/:id`,
    title: "Read a role assignment",
    query: ["$select", "$expand"],
    expand: roleExpansions,
    handle: (request) => entity(request, roleAssignmentType, present(findAssignment(request))),
  },
  {
    ...writing,
    method: "DELETE",
    path: `${path}/:id`,
    title: "Remove a role assignment",
    handle: (request) => {
      removeRoleAssignment(request.tenant, findAssignment(request).id);
      return noContent;
    },
  },
  {
    ...reading,
    type: roleDefinitionType,
    method: "GET",
    path: "/roleManagement/directory/roleDefinitions",
    title: "List role definitions",
    query: ["$select", "$filter", "$top"],
    differences: "Built-in roles only; `rolePermissions` is empty and `description` repeats the name.",
    handle: (request) => collection(request, roleDefinitionType, directoryRoles.map(presentRoleDefinition)),
  },
  {
    ...reading,
    type: roleDefinitionType,
    method: "GET",
    path: "/roleManagement/directory/roleDefinitions/:id",
    title: "Read a role definition",
    query: ["$select"],
    handle: (request) => {
      const role = builtInRole(request.params.id ?? "");
      if (role === undefined) throw resourceNotFound(request.params.id ?? "");
      return entity(request, roleDefinitionType, presentRoleDefinition(role));
    },
  },
];

/** A role assignment as Graph shows it. */
function present(assignment: RoleAssignment): JsonObject {
  return { ...assignment, appScopeId: null, condition: null };
}

/** Who is to get which role, over what. */
export interface WantedRole {
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}

/**
 * Checks who gets which role over what, as assignments and eligibility requests do.
 *
 * @throws GraphError
 */
export function checkRoleAssignment(tenant: TenantState, wanted: WantedRole): void {
  const { principalId, roleDefinitionId, directoryScopeId } = wanted;
  if (builtInRole(roleDefinitionId) === undefined) throw resourceNotFound(roleDefinitionId);
  const principal = findDirectoryObject(tenant, principalId);
  if (principal?.type !== "servicePrincipal" && principal?.type !== "user" && principal?.type !== "group")
    throw resourceNotFound(principalId);
  if (principal.type === "group" && principal.object.isAssignableToRole !== true)
    throw badRequest("Groups without IsAssignableToRole property set cannot be assigned to roles.");
  checkScope(tenant, roleDefinitionId, directoryScopeId);
}

function checkScope(tenant: TenantState, roleDefinitionId: string, directoryScopeId: string): void {
  if (directoryScopeId === "/") return;
  const [, unitId] = /^\/administrativeUnits\/([^/]+)$/.exec(directoryScopeId) ?? [];
  const objectId = unitId ?? directoryScopeId.slice(1);
  if (!directoryScopeId.startsWith("/") || !isGuid(objectId)) throw invalidScope();
  if (unitId === undefined) {
    // A role over one application or service principal: of the built-in roles, those that administer applications.
    const target = findDirectoryObject(tenant, objectId.toLowerCase());
    if (target === undefined) throw resourceNotFound(objectId);
    const isApplicationRole = ["Application Administrator", "Cloud Application Administrator"].includes(
      builtInRole(roleDefinitionId)?.displayName ?? "",
    );
    if (!isApplicationRole || (target.type !== "application" && target.type !== "servicePrincipal"))
      throw invalidScope();
    return;
  }
  if (!tenant.administrativeUnits.has(unitId.toLowerCase())) throw resourceNotFound(unitId);
  if (!canBeScopedToAdministrativeUnit(roleDefinitionId)) throw invalidScope();
}

function invalidScope(): Error {
  return badRequest("Must specify valid property scope of entity RoleAssignment.");
}

function create(request: GraphRequest): Reply {
  const { tenant } = request;
  const { properties } = checkBody(
    request.body,
    roleAssignmentType,
    roleAssignmentType.properties,
    undefined,
  );
  const wanted = {
    principalId: textOf(properties.principalId).toLowerCase(),
    roleDefinitionId: textOf(properties.roleDefinitionId).toLowerCase(),
    directoryScopeId: typeof properties.directoryScopeId === "string" ? properties.directoryScopeId : "",
  };
  if (wanted.directoryScopeId === "") throw invalidScope();
  return entity(request, roleAssignmentType, present(assignRole(tenant, wanted)), 201);
}

/** Gives a principal a role, which activates the role. @throws GraphError */
export function assignRole(tenant: TenantState, wanted: WantedRole): RoleAssignment {
  checkRoleAssignment(tenant, wanted);
  const id = roleAssignmentId(wanted.roleDefinitionId, wanted.principalId, wanted.directoryScopeId);
  if (tenant.roleAssignments.has(id)) throw conflictingObject();
  const assignment: RoleAssignment = { id, ...wanted, principalOrganizationId: tenant.id };
  tenant.roleAssignments.set(id, assignment);
  activateRole(tenant, wanted.roleDefinitionId);
  return assignment;
}

function findAssignment(request: GraphRequest): RoleAssignment {
  const id = request.params.id ?? "";
  const assignment = request.tenant.roleAssignments.get(id);
  if (assignment === undefined) throw resourceNotFound(id);
  return assignment;
}
