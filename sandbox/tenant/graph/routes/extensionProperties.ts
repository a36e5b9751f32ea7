import { randomUUID } from "node:crypto";
import { textOf } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { extensionPropertyType as type } from "../../model/application.ts";
import { initialValues } from "../../model/entityType.ts";
import { first, type HeldEntity } from "../../state.ts";
import { conflictingObject, resourceNotFound } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { find as findApplication } from "./applications.ts";
import {
  applicationAdministrators,
  directoryReaders,
  readApplications,
  writeApplications,
  writeOwnApplications,
} from "./permissions.ts";
import { idOf } from "./references.ts";

const path = "/applications/:id/extensionProperties";
const reading = { type, permissions: readApplications, directoryRoles: directoryReaders };
const writing = {
  type,
  permissions: writeApplications,
  permissionsOfOwners: writeOwnApplications,
  directoryRoles: applicationAdministrators,
};

/** Directory extensions that an application defines. */
export const extensionPropertyRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path,
    title: "List an application's directory extensions",
    query: ["$select", "$filter", "$top"],
    handle: (request) => collection(request, type, definedBy(request)),
  },
  {
    ...writing,
    method: "POST",
    path,
    title: "Define a directory extension",
    takesBody: true,
    differences: "No object can have a value of it.",
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: `${path}/:propertyId`,
    title: "Read a directory extension",
    query: ["$select"],
    handle: (request) => entity(request, type, find(request)),
  },
  {
    ...writing,
    method: "DELETE",
    path: `${path}/:propertyId`,
    title: "Delete a directory extension",
    handle: (request) => {
      request.tenant.extensionProperties.delete(find(request).id);
      return noContent;
    },
  },
];

function definedBy(request: GraphRequest): readonly HeldEntity[] {
  const { id } = findApplication(request);
  return [...request.tenant.extensionProperties.values()].filter(({ holderId }) => holderId === id);
}

function find(request: GraphRequest): HeldEntity {
  const id = idOf(request, "propertyId");
  const property = first(definedBy(request), (one) => one.id === id);
  if (property === undefined) throw resourceNotFound(id);
  return property;
}

function create(request: GraphRequest): Reply {
  const application = findApplication(request);
  const { properties } = checkBody(request.body, type, type.properties, undefined);
  const name = `extension_${application.appId.replaceAll("-", "")}_${textOf(properties.name)}`;
  if (definedBy(request).some((one) => one.name === name)) throw conflictingObject();
  const property: HeldEntity = {
    ...initialValues(type.properties),
    ...properties,
    name,
    appDisplayName: application.displayName,
    id: randomUUID(),
    holderId: application.id,
  };
  request.tenant.extensionProperties.set(property.id, property);
  return entity(request, type, property, 201);
}
