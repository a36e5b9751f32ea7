import { badRequest, conflictingObject, resourceNotFound } from "../errors.ts";
import { textOf } from "../../json.ts";
import { directoryObjectType } from "../../model/directory.ts";
import { entityTypes, presentObject } from "../../directory/present.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { servicePrincipalOfApplication, type DeletedItem, type TenantState } from "../../state.ts";
import { recycleDays } from "../../directory/deletion.ts";
import { applicationAdministrators, readApplications, writeApplications } from "./permissions.ts";
import { idOf } from "./references.ts";

const listed = ["application", "servicePrincipal", "user", "group", "administrativeUnit"] as const;
const reading = {
  type: directoryObjectType,
  permissions: [...readApplications, "User.Read.All", "User.ReadWrite.All", "Group.Read.All"],
  directoryRoles: [...applicationAdministrators, "Global Reader"],
};
const writing = { ...reading, permissions: writeApplications, directoryRoles: applicationAdministrators };

/** What has been deleted and can be restored for 30 days. */
export const deletedItemRoutes: readonly GraphRoute[] = [
  ...listed.map((type): GraphRoute => ({
    ...reading,
    type: entityTypes[type],
    method: "GET",
    path: `/directory/deletedItems/microsoft.graph.${type}`,
    title: `List deleted objects of type ${type}`,
    query: ["$select", "$filter", "$top", "$count"],
    handle: (request) => list(request, type),
  })),
  {
    ...reading,
    method: "GET",
    path: "/directory/deletedItems/:id",
    title: "Read a deleted object",
    query: ["$select"],
    handle: (request) => {
      const item = find(request);
      return entity(request, entityTypes[item.type], presentObject(request.store, item), 200, true);
    },
  },
  {
    ...writing,
    method: "POST",
    path: "/directory/deletedItems/:id/restore",
    title: "Restore a deleted object",
    takesBody: true,
    handle: restore,
  },
  {
    ...writing,
    method: "DELETE",
    path: "/directory/deletedItems/:id",
    title: "Delete a deleted object for good",
    handle: (request) => {
      const item = find(request);
      request.tenant.deletedItems.delete(item.object.id);
      if (item.type === "application") purgeServicePrincipal(request.tenant, item.object.appId);
      return noContent;
    },
  },
];

function list(request: GraphRequest, type: DeletedItem["type"]): Reply {
  purgeExpired(request.tenant, request.now);
  const items = [...request.tenant.deletedItems.values()].filter((item) => item.type === type);
  return collection(
    request,
    entityTypes[type],
    items.map((item) => presentObject(request.store, item)),
  );
}

function find(request: GraphRequest): DeletedItem {
  const id = idOf(request);
  purgeExpired(request.tenant, request.now);
  const item = request.tenant.deletedItems.get(id);
  if (item === undefined) throw resourceNotFound(id);
  return item;
}

/** Restoring an application restores the service principal that went with it; what that was granted does not come back. */
function restore(request: GraphRequest): Reply {
  const { tenant } = request;
  if (Object.keys(request.body).length > 0) throw badRequest("The request body must be empty.");
  const item = find(request);
  if (item.type === "servicePrincipal" && !ownsApplication(tenant, item)) {
    throw badRequest(
      "The service principal cannot be restored because its application is deleted. Restore the application instead.",
    );
  }
  if (
    item.type === "servicePrincipal" &&
    servicePrincipalOfApplication(tenant, item.object.appId) !== undefined
  ) {
    throw conflictingObject();
  }
  putBack(tenant, item);
  if (item.type === "application") {
    const companion = [...tenant.deletedItems.values()].find(
      (other) => other.type === "servicePrincipal" && other.object.appId === item.object.appId,
    );
    if (companion !== undefined) putBack(tenant, companion);
  }
  return entity(request, entityTypes[item.type], presentObject(request.store, item), 200, true);
}

function putBack(tenant: TenantState, item: DeletedItem): void {
  const { id } = item.object;
  item.object.deletedDateTime = null;
  tenant.deletedItems.delete(id);
  if (item.type === "application") tenant.applications.set(id, item.object);
  else if (item.type === "servicePrincipal") tenant.servicePrincipals.set(id, item.object);
  else if (item.type === "user") tenant.users.set(id, item.object);
  else tenant.administrativeUnits.set(id, item.object);
  tenant.owners.push(...item.owners.map((to) => ({ from: id, to })));
}

function ownsApplication(tenant: TenantState, item: DeletedItem): boolean {
  return (
    item.object.appOwnerOrganizationId !== tenant.id ||
    [...tenant.applications.values()].some((application) => application.appId === item.object.appId)
  );
}

function purgeServicePrincipal(tenant: TenantState, appId: string): void {
  for (const [id, item] of tenant.deletedItems) {
    if (item.type === "servicePrincipal" && item.object.appId === appId) tenant.deletedItems.delete(id);
  }
}

function purgeExpired(tenant: TenantState, now: Date): void {
  const oldest = now.getTime() - recycleDays * 86_400_000;
  for (const [id, item] of tenant.deletedItems) {
    if (Date.parse(textOf(item.object.deletedDateTime)) < oldest) tenant.deletedItems.delete(id);
  }
}
