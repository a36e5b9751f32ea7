import { appRolesOf } from "../../signIn/accessToken.ts";
import { badRequest, invalidValue, resourceNotFound } from "../errors.ts";
import { newOpaqueId } from "../../identifiers.ts";
import { textOf } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { appRoleAssignmentType } from "../../model/directory.ts";
import { presentAppRoleAssignment } from "../../directory/present.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { toGraphTime } from "../../time.ts";
import { findDirectoryObject, first, type AppRoleAssignment } from "../../state.ts";
import {
  applicationAdministrators,
  consentAdministrators,
  consentToAppRoles,
  directoryReaders,
  readApplications,
  readToConsent,
} from "./permissions.ts";
import { find } from "./servicePrincipals.ts";

/** The assignment of a resource that offers no app role: access without any. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** The two sides that an assignment is seen from. */
const sides = [
  { segment: "appRoleAssignedTo", property: "resourceId" },
  { segment: "appRoleAssignments", property: "principalId" },
] as const;
type Side = (typeof sides)[number];

/** App role assignments: the consent to application permissions. */
export const appRoleAssignmentRoutes: readonly GraphRoute[] = sides.flatMap((side): readonly GraphRoute[] => {
  const reading = {
    type: appRoleAssignmentType,
    permissions: readApplications,
    directoryRoles: directoryReaders,
  };
  const writing = {
    type: appRoleAssignmentType,
    permissions: consentToAppRoles,
    directoryRoles: consentAdministrators,
  };
  const path = `/servicePrincipals/:id/${side.segment}`;
  return [
    {
      ...reading,
      method: "GET",
      path,
      title: `List a service principal's ${side.segment}`,
      query: ["$select", "$filter", "$top", "$count"],
      handle: (request) => list(request, side),
    },
    {
      ...writing,
      method: "POST",
      path,
      title: "Assign an app role",
      alsoRequires: readToConsent,
      takesBody: true,
      handle: (request) => create(request, side),
    },
    {
      ...reading,
      method: "GET",
      path: `${path}/:assignmentId`,
      title: "Read an app role assignment",
      query: ["$select"],
      handle: (request) =>
        entity(
          request,
          appRoleAssignmentType,
          presentAppRoleAssignment(request.tenant, findAssignment(request, side)),
        ),
    },
    {
      ...writing,
      directoryRoles: [...consentAdministrators, ...applicationAdministrators],
      permissions: [...consentToAppRoles, "Application.ReadWrite.All"],
      method: "DELETE",
      path: `${path}/:assignmentId`,
      title: "Remove an app role assignment",
      handle: (request) => {
        request.tenant.appRoleAssignments.delete(findAssignment(request, side).id);
        return noContent;
      },
    },
  ];
});

function list(request: GraphRequest, side: Side): Reply {
  const principal = find(request);
  const assignments = [...request.tenant.appRoleAssignments.values()].filter(
    (assignment) => assignment[side.property] === principal.id,
  );
  return collection(
    request,
    appRoleAssignmentType,
    assignments.map((assignment) => presentAppRoleAssignment(request.tenant, assignment)),
  );
}

function create(request: GraphRequest, side: Side): Reply {
  const { tenant } = request;
  const here = find(request);
  const { properties } = checkBody(
    request.body,
    appRoleAssignmentType,
    appRoleAssignmentType.properties,
    undefined,
  );
  const wanted: WantedAssignment = {
    appRoleId: textOf(properties.appRoleId).toLowerCase(),
    principalId: textOf(properties.principalId).toLowerCase(),
    resourceId: textOf(properties.resourceId).toLowerCase(),
  };
  if (wanted[side.property] !== here.id) throw invalidValue(side.property, appRoleAssignmentType.name);
  checkAssignment(request, wanted);
  const assignment: AppRoleAssignment = {
    ...wanted,
    id: newOpaqueId(),
    createdDateTime: toGraphTime(request.now),
  };
  tenant.appRoleAssignments.set(assignment.id, assignment);
  return entity(request, appRoleAssignmentType, presentAppRoleAssignment(tenant, assignment), 201);
}

interface WantedAssignment {
  readonly appRoleId: string;
  readonly principalId: string;
  readonly resourceId: string;
}

function checkAssignment(request: GraphRequest, wanted: WantedAssignment): void {
  const { tenant } = request;
  const { appRoleId, principalId, resourceId } = wanted;
  const principal = findDirectoryObject(tenant, principalId);
  if (principal?.type !== "servicePrincipal" && principal?.type !== "user")
    throw resourceNotFound(principalId);
  const resource = tenant.servicePrincipals.get(resourceId);
  if (resource === undefined) throw resourceNotFound(resourceId);
  if (appRoleId !== defaultAccess && !appRolesOf(tenant, resource).some((role) => role.id === appRoleId)) {
    throw badRequest("Permission being assigned was not found on application");
  }
  const existing = first(tenant.appRoleAssignments.values(), (assignment) => {
    return (
      assignment.appRoleId === appRoleId &&
      assignment.principalId === principalId &&
      assignment.resourceId === resourceId
    );
  });
  if (existing !== undefined) throw badRequest("Permission being assigned already exists on the object");
}

function findAssignment(request: GraphRequest, side: Side): AppRoleAssignment {
  const here = find(request);
  const id = request.params.assignmentId ?? "";
  const assignment = request.tenant.appRoleAssignments.get(id);
  if (assignment?.[side.property] !== here.id) throw resourceNotFound(id);
  return assignment;
}
