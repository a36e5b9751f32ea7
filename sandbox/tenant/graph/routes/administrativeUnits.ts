import { randomUUID } from "node:crypto";
import { referenceExists, resourceNotFound } from "../errors.ts";
import { checkBody } from "../../model/checkBody.ts";
import { administrativeUnitType, directoryObjectType } from "../../model/directory.ts";
import { initialValues } from "../../model/entityType.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import type { GraphVersion } from "../version.ts";
import type { DirectoryEntity } from "../../state.ts";
import { recycle } from "../../directory/deletion.ts";
import { membersOf } from "../../directory/memberships.ts";
import { directoryReaders, roleAdministrators } from "./permissions.ts";
import { directoryObject, idOf, referencedId, referenceUrl } from "./references.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";
import { deltaRoute } from "./deltaRoute.ts";

const reading = {
  type: administrativeUnitType,
  permissions: [
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  directoryRoles: directoryReaders,
};
const writing = {
  type: administrativeUnitType,
  permissions: ["AdministrativeUnit.ReadWrite.All"],
  directoryRoles: roleAdministrators,
};

/** Administrative units and their members. Beta has them at the top, where azuread deletes them. */
export const administrativeUnitRoutes: readonly GraphRoute[] = [
  ...routesAt("/directory/administrativeUnits", ["v1.0", "beta"]),
  ...routesAt("/administrativeUnits", ["beta"]),
];

function routesAt(path: string, versions: readonly GraphVersion[]): readonly GraphRoute[] {
  return [
    {
      ...reading,
      method: "GET",
      path,
      versions,
      title: "List administrative units",
      query: ["$select", "$filter", "$top", "$count", "$orderby"],
      handle: (request) =>
        collection(request, administrativeUnitType, request.tenant.administrativeUnits.values()),
    },
    deltaRoute({ ...reading, path, versions, all: ({ tenant }) => [...tenant.administrativeUnits.values()] }),
    {
      ...writing,
      method: "POST",
      path,
      versions,
      title: "Create an administrative unit",
      takesBody: true,
      handle: create,
    },
    {
      ...reading,
      method: "GET",
      path: `${path}/:id`,
      versions,
      title: "Read an administrative unit",
      query: ["$select"],
      handle: (request) => entity(request, administrativeUnitType, find(request)),
    },
    {
      ...writing,
      method: "PATCH",
      path: `${path}/:id`,
      versions,
      title: "Update an administrative unit",
      takesBody: true,
      handle: update,
    },
    {
      ...writing,
      method: "DELETE",
      path: `${path}/:id`,
      versions,
      title: "Delete an administrative unit",
      handle: remove,
    },
    ...relationshipRoutes({
      ...reading,
      path: `${path}/:id/members`,
      versions,
      title: "List an administrative unit's members",
      types: ["user", "group"],
      idsOf: (request) => membersOf(request.tenant, find(request).id),
    }),
    {
      ...reading,
      method: "GET",
      path: `${path}/:id/members/:memberId`,
      versions,
      title: "Read one member of an administrative unit",
      type: directoryObjectType,
      query: ["$select"],
      handle: readMember,
    },
    {
      ...writing,
      method: "POST",
      path: `${path}/:id/members/$ref`,
      versions,
      title: "Add a member to an administrative unit",
      takesBody: true,
      handle: addMember,
    },
    {
      ...writing,
      method: "DELETE",
      path: `${path}/:id/members/:memberId/$ref`,
      versions,
      title: "Remove a member from an administrative unit",
      handle: removeMember,
    },
  ];
}

function find(request: GraphRequest): DirectoryEntity {
  const id = idOf(request);
  const unit = request.tenant.administrativeUnits.get(id);
  if (unit === undefined) throw resourceNotFound(id);
  return unit;
}

function create(request: GraphRequest): Reply {
  const { properties } = checkBody(
    request.body,
    administrativeUnitType,
    administrativeUnitType.properties,
    undefined,
  );
  const unit: DirectoryEntity = {
    ...initialValues(administrativeUnitType.properties),
    ...properties,
    id: randomUUID(),
  };
  request.tenant.administrativeUnits.set(unit.id, unit);
  return entity(request, administrativeUnitType, unit, 201);
}

function update(request: GraphRequest): Reply {
  const unit = find(request);
  const { properties } = checkBody(
    request.body,
    administrativeUnitType,
    administrativeUnitType.properties,
    unit,
  );
  request.tenant.administrativeUnits.set(unit.id, { ...unit, ...properties });
  return noContent;
}

/** What was assigned over a deleted unit is gone with it. */
function remove(request: GraphRequest): Reply {
  const { tenant } = request;
  const unit = find(request);
  tenant.administrativeUnits.delete(unit.id);
  for (const [id, assignment] of tenant.roleAssignments) {
    if (assignment.directoryScopeId === `/administrativeUnits/${unit.id}`) tenant.roleAssignments.delete(id);
  }
  recycle(tenant, { type: "administrativeUnit", object: unit }, request.now);
  return noContent;
}

function readMember(request: GraphRequest): Reply {
  const unit = find(request);
  const member = idOf(request, "memberId");
  if (!membersOf(request.tenant, unit.id).includes(member)) throw resourceNotFound(member);
  return directoryObject(request, member);
}

function addMember(request: GraphRequest): Reply {
  const unit = find(request);
  const member = referencedId(request.tenant, referenceUrl(request.body));
  if (membersOf(request.tenant, unit.id).includes(member)) throw referenceExists("members");
  request.tenant.members.push({ from: unit.id, to: member });
  return noContent;
}

function removeMember(request: GraphRequest): Reply {
  const unit = find(request);
  const member = idOf(request, "memberId");
  if (!membersOf(request.tenant, unit.id).includes(member)) throw resourceNotFound(member);
  request.tenant.members = request.tenant.members.filter(({ from, to }) => from !== unit.id || to !== member);
  return noContent;
}
