import { directoryObjectType } from "../../model/directory.ts";
import { findDirectoryObject } from "../../state.ts";
import { badRequest, resourceNotFound } from "../errors.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { directoryReaders } from "./permissions.ts";
import { directoryObject, referencedId, referenceUrl } from "./references.ts";
import { find } from "./users.ts";

const writing = {
  type: directoryObjectType,
  path: "/users/:id/manager/$ref",
  permissions: ["User.ReadWrite.All", "Directory.ReadWrite.All"],
  directoryRoles: ["User Administrator", "Global Administrator"],
};

/** Whom users report to. */
export const managerRoutes: readonly GraphRoute[] = [
  {
    type: directoryObjectType,
    permissions: ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    directoryRoles: directoryReaders,
    method: "GET",
    path: "/users/:id/manager",
    title: "Read a user's manager",
    query: ["$select"],
    handle: (request) => directoryObject(request, managerOf(request)),
  },
  { ...writing, method: "PUT", title: "Assign a user's manager", takesBody: true, handle: assign },
  { ...writing, method: "DELETE", title: "Remove a user's manager", handle: remove },
];

/** @throws GraphError where the user has none */
function managerOf(request: GraphRequest): string {
  const { id } = find(request);
  const reference = request.tenant.managers.find(({ from }) => from === id);
  if (reference === undefined) throw resourceNotFound("manager");
  return reference.to;
}

function assign(request: GraphRequest): Reply {
  const { tenant } = request;
  const { id: from } = find(request);
  const to = referencedId(tenant, referenceUrl(request.body));
  const type = findDirectoryObject(tenant, to)?.type;
  if (type !== "user")
    throw badRequest(
      `The reference target '${type}' of type '${type}' is invalid for the 'manager' reference.`,
    );
  tenant.managers = [...tenant.managers.filter((reference) => reference.from !== from), { from, to }];
  return noContent;
}

function remove(request: GraphRequest): Reply {
  managerOf(request);
  const { id } = find(request);
  request.tenant.managers = request.tenant.managers.filter(({ from }) => from !== id);
  return noContent;
}
