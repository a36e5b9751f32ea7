import { randomUUID } from "node:crypto";
import { badRequest, conflictingObject, invalidValue, resourceNotFound } from "../errors.ts";
import { textOf } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues } from "../../model/entityType.ts";
import { userType } from "../../model/user.ts";
import { entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { toGraphTime } from "../../time.ts";
import { first, userByKey, type DirectoryEntity } from "../../state.ts";
import { recycle, removeRoleAssignmentsOf } from "../../directory/deletion.ts";
import { listRoutes } from "./listRoutes.ts";
import { directoryReaders } from "./permissions.ts";
import { userExpansions } from "./expansions.ts";
import { membershipRoutes } from "./membershipRoutes.ts";

const readers = [
  "User.ReadBasic.All",
  "User.Read.All",
  "User.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
const reading = { type: userType, permissions: readers, directoryRoles: directoryReaders };
const writing = {
  type: userType,
  permissions: ["User.ReadWrite.All", "Directory.ReadWrite.All"],
  directoryRoles: ["User Administrator", "Global Administrator"],
};

/** Users. */
export const userRoutes: readonly GraphRoute[] = [
  ...listRoutes({
    ...reading,
    path: "/users",
    expand: userExpansions,
    all: (request) => [...request.tenant.users.values()],
  }),
  { ...writing, method: "POST", path: "/users", title: "Create a user", takesBody: true, handle: create },
  {
    ...reading,
    method: "GET",
    path: "/users/:id",
    title: "Read a user, by ID or user principal name",
    query: ["$select", "$expand"],
    expand: userExpansions,
    handle: (request) => entity(request, userType, find(request)),
  },
  {
    ...writing,
    method: "PATCH",
    path: "/users/:id",
    title: "Update a user",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    permissions: ["User.ReadWrite.All", "User.DeleteRestore.All"],
    method: "DELETE",
    path: "/users/:id",
    title: "Delete a user",
    handle: remove,
  },
  ...membershipRoutes({
    ...reading,
    path: "/users/:id",
    what: "a user",
    idOf: (request) => find(request).id,
  }),
];

/** A user by id or user principal name. @throws GraphError */
export function find(request: GraphRequest): DirectoryEntity {
  const key = request.params.id ?? "";
  const user = userByKey(request.tenant, key);
  if (user === undefined) throw resourceNotFound(key);
  return user;
}

function create(request: GraphRequest): Reply {
  const { properties } = checkBody(request.body, userType, userType.properties, undefined);
  checkPrincipalName(request, textOf(properties.userPrincipalName), undefined);
  const user: DirectoryEntity = {
    ...initialValues(userType.properties),
    userType: "Member",
    ...properties,
    passwordProfile: null,
    id: randomUUID(),
    createdDateTime: toGraphTime(request.now),
  };
  request.tenant.users.set(user.id, user);
  return entity(request, userType, user, 201);
}

function update(request: GraphRequest): Reply {
  const user = find(request);
  const { properties } = checkBody(request.body, userType, userType.properties, user);
  if (properties.userPrincipalName !== undefined)
    checkPrincipalName(request, textOf(properties.userPrincipalName), user.id);
  request.tenant.users.set(user.id, { ...user, ...properties, passwordProfile: null });
  return noContent;
}

function remove(request: GraphRequest): Reply {
  const user = find(request);
  request.tenant.users.delete(user.id);
  for (const [id, assignment] of request.tenant.appRoleAssignments) {
    if (assignment.principalId === user.id) request.tenant.appRoleAssignments.delete(id);
  }
  removeRoleAssignmentsOf(request.tenant, user.id);
  recycle(request.tenant, { type: "user", object: user }, request.now);
  return noContent;
}

/** A user principal name is one of the tenant's domains after an "@", and nobody else's. */
function checkPrincipalName(request: GraphRequest, name: string, ownId: string | undefined): void {
  const [local, domain = "", ...rest] = name.toLowerCase().split("@");
  if (local === "" || rest.length > 0) throw invalidValue("userPrincipalName", "user");
  if (!request.tenant.domains.has(domain)) {
    throw badRequest(
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    );
  }
  const other = first(request.tenant.users.values(), (user) => {
    return user.id !== ownId && textOf(user.userPrincipalName).toLowerCase() === name.toLowerCase();
  });
  if (other !== undefined) throw conflictingObject();
}
