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
import { find as findUser } from "./users.ts";

/** The assignment of a resource that offers no app role: access without any. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** The relationships that assignments are seen in, each from one side. */
const places = [
  {
    path: "/servicePrincipals/:id/appRoleAssignedTo",
    title: "List a service principal's appRoleAssignedTo",
    property: "resourceId",
    idOf: (request: GraphRequest) => find(request).id,
    readers: readApplications,
    removers: [...consentToAppRoles, "Application.ReadWrite.All"],
  },
  {
    path: "/servicePrincipals/:id/appRoleAssignments",
    title: "List a service principal's appRoleAssignments",
    property: "principalId",
    idOf: (request: GraphRequest) => find(request).id,
    readers: readApplications,
    removers: [...consentToAppRoles, "Application.ReadWrite.All"],
  },
  {
    path: "/users/:id/appRoleAssignments",
    title: "List a user's appRoleAssignments",
    property: "principalId",
    idOf: (request: GraphRequest) => findUser(request).id,
    readers: ["Directory.Read.All", ...consentToAppRoles],
    removers: consentToAppRoles,
  },
] as const;
type Place = (typeof places)[number];

/** App role assignments: the consent to application permissions, and what users may do in applications. */
export const appRoleAssignmentRoutes: readonly GraphRoute[] = places.flatMap(
  (place): readonly GraphRoute[] => {
    const { path, title, readers, removers } = place;
    const reading = {
      type: appRoleAssignmentType,
      permissions: readers,
      directoryRoles: directoryReaders,
    };
    const writing = {
      type: appRoleAssignmentType,
      permissions: consentToAppRoles,
      directoryRoles: consentAdministrators,
    };
    return [
      {
        ...reading,
        method: "GET",
        path,
        title,
        query: ["$select", "$filter", "$top", "$count"],
        handle: (request) => list(request, place),
      },
      {
        ...writing,
        method: "POST",
        path,
        title: "Assign an app role",
        alsoRequires: readToConsent,
        takesBody: true,
        handle: (request) => create(request, place),
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
            presentAppRoleAssignment(request.tenant, findAssignment(request, place)),
          ),
      },
      {
        ...writing,
        directoryRoles: [...consentAdministrators, ...applicationAdministrators],
        permissions: removers,
        method: "DELETE",
        path: `${path}/:assignmentId`,
        title: "Remove an app role assignment",
        handle: (request) => {
          request.tenant.appRoleAssignments.delete(findAssignment(request, place).id);
          return noContent;
        },
      },
    ];
  },
);

function list(request: GraphRequest, { idOf, property }: Place): Reply {
  const id = idOf(request);
  const assignments = [...request.tenant.appRoleAssignments.values()].filter(
    (assignment) => assignment[property] === id,
  );
  return collection(
    request,
    appRoleAssignmentType,
    assignments.map((assignment) => presentAppRoleAssignment(request.tenant, assignment)),
  );
}

function create(request: GraphRequest, { idOf, property }: Place): Reply {
  const { tenant } = request;
  const here = idOf(request);
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
  if (wanted[property] !== here) throw invalidValue(property, appRoleAssignmentType.name);
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

function findAssignment(request: GraphRequest, { idOf, property }: Place): AppRoleAssignment {
  const here = idOf(request);
  const id = request.params.assignmentId ?? "";
  const assignment = request.tenant.appRoleAssignments.get(id);
  if (assignment?.[property] !== here) throw resourceNotFound(id);
  return assignment;
}
