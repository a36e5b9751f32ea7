import { randomUUID } from "node:crypto";
import { deleteGroup } from "../../directory/deletion.ts";
import { groupsOf, membersOf, transitiveMembersOf } from "../../directory/memberships.ts";
import { textOf } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues } from "../../model/entityType.ts";
import { groupType } from "../../model/group.ts";
import { findDirectoryObject, type DirectoryEntity, type TenantState } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import {
  badRequest,
  GraphError,
  notImplemented,
  referenceExists,
  requestDenied,
  resourceNotFound,
} from "../errors.ts";
import { entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { checkUniqueName, keyToCreate, objectByAlternateKey } from "./alternateKeys.ts";
import { groupExpansions } from "./expansions.ts";
import { listRoutes } from "./listRoutes.ts";
import {
  groupReaders,
  holds,
  readGroups,
  roleAdministrators,
  writeGroups,
  writeRoleManagement,
} from "./permissions.ts";
import { boundIds, idOf, referencedId, referenceUrl } from "./references.ts";
import { addOwner, ownersOf, removeOwner } from "./owners.ts";
import { membershipRoutes } from "./membershipRoutes.ts";
import { relationshipRoutes } from "./relationshipRoutes.ts";

/** How many groups of a tenant directory roles can be assigned to: "Use Microsoft Entra groups to manage role assignments". */
const maxRoleAssignable = 500;

const writers = ["Groups Administrator", "User Administrator", "Directory Writers", ...roleAdministrators];
const reading = { type: groupType, permissions: readGroups, directoryRoles: groupReaders };
const writing = { type: groupType, permissions: writeGroups, directoryRoles: writers };
const writingMembers = { ...writing, permissions: ["GroupMember.ReadWrite.All", ...writeGroups] };

/** Security groups and their members. */
export const groupRoutes: readonly GraphRoute[] = [
  ...listRoutes({
    ...reading,
    path: "/groups",
    expand: groupExpansions,
    all: (request) => [...request.tenant.groups.values()],
  }),
  {
    ...writing,
    permissions: ["Group.Create", ...writeGroups],
    method: "POST",
    path: "/groups",
    title: "Create a group",
    takesBody: true,
    differences:
      "Security groups with assigned members only. A role-assignable one needs `RoleManagement.ReadWrite.Directory` besides, here and in every write.",
    handle: create,
  },
  {
    ...reading,
    method: "GET",
    path: "/groups/:id",
    title: "Read a group",
    query: ["$select", "$expand"],
    expand: groupExpansions,
    handle: (request) => entity(request, groupType, find(request)),
  },
  {
    ...writing,
    method: "PATCH",
    path: "/groups/:id",
    title: "Update a group",
    takesBody: true,
    handle: update,
  },
  {
    ...writing,
    permissions: ["Group.ReadWrite.All"],
    method: "DELETE",
    path: "/groups/:id",
    title: "Delete a group, for good as it is a security group",
    handle: (request) => {
      deleteGroup(request.tenant, findToWrite(request));
      return noContent;
    },
  },
  ...relationshipRoutes({
    ...reading,
    path: "/groups/:id/members",
    title: "List a group's members",
    types: ["user", "servicePrincipal", "group"],
    idsOf: (request) => membersOf(request.tenant, find(request).id),
  }),
  ...relationshipRoutes({
    ...reading,
    path: "/groups/:id/transitiveMembers",
    title: "List a group's members, through groups too",
    types: ["user", "servicePrincipal", "group"],
    idsOf: (request) => transitiveMembersOf(request.tenant, find(request).id),
  }),
  ...membershipRoutes({
    ...reading,
    path: "/groups/:id",
    what: "a group",
    idOf: (request) => find(request).id,
  }),
  {
    ...writingMembers,
    method: "POST",
    path: "/groups/:id/members/$ref",
    title: "Add a member to a group",
    takesBody: true,
    differences: "The right to the member itself, which Graph wants besides, is not asked for.",
    handle: addMember,
  },
  {
    ...writingMembers,
    method: "DELETE",
    path: "/groups/:id/members/:memberId/$ref",
    title: "Remove a member from a group",
    handle: removeMember,
  },
  ...relationshipRoutes({
    ...reading,
    path: "/groups/:id/owners",
    title: "List a group's owners",
    types: ["user", "servicePrincipal"],
    idsOf: (request) => ownersOf(request.tenant, find(request).id),
  }),
  {
    ...writing,
    method: "POST",
    path: "/groups/:id/owners/$ref",
    title: "Add an owner to a group",
    takesBody: true,
    differences: "An owner of a group gets no rights to it through that.",
    handle: (request) => addOwner(request, findToWrite(request).id),
  },
  {
    ...writing,
    method: "DELETE",
    path: "/groups/:id/owners/:ownerId/$ref",
    title: "Remove an owner from a group",
    handle: (request) => removeOwner(request, findToWrite(request).id),
  },
];

/** The group that a path names. @throws GraphError */
export function find(request: GraphRequest): DirectoryEntity {
  const group = findByKey(request);
  if (group === undefined) throw resourceNotFound(request.params.id ?? "");
  return group;
}

/** By object id, or by the other key in `groups(uniqueName='…')`. */
function findByKey(request: GraphRequest): DirectoryEntity | undefined {
  const { id = "" } = request.params;
  return id.includes("=")
    ? objectByAlternateKey(request.tenant, "groups", id)
    : request.tenant.groups.get(idOf(request));
}

/** Who may manage a role-assignable group could make anybody an administrator, so that takes the right to do so. */
function findToWrite(request: GraphRequest): DirectoryEntity {
  const group = find(request);
  if (group.isAssignableToRole === true) mustManageRoles(request);
  return group;
}

function mustManageRoles({ caller }: GraphRequest): void {
  if (!holds(caller, writeRoleManagement, roleAdministrators)) throw requestDenied();
}

function create(request: GraphRequest): Reply {
  const { tenant, now } = request;
  const { properties, bindings } = checkBody(request.body, groupType, groupType.properties, undefined);
  checkUniqueName(tenant.groups, properties.uniqueName);
  if (properties.mailEnabled === true) throw notImplemented("A mail-enabled group");
  if (properties.securityEnabled !== true) {
    throw badRequest("The group must be either mail-enabled or security-enabled.");
  }
  const isAssignableToRole = properties.isAssignableToRole === true;
  if (isAssignableToRole) {
    mustManageRoles(request);
    const present = [...tenant.groups.values()].filter((group) => group.isAssignableToRole === true);
    if (present.length >= maxRoleAssignable) {
      throw new GraphError(
        403,
        "Directory_QuotaExceeded",
        `The tenant has ${maxRoleAssignable} groups that can be assigned to a role, which are the most.`,
      );
    }
  }
  const members = boundIds(tenant, bindings.members ?? []);
  for (const member of members) checkMember(tenant, { isAssignableToRole }, member);
  const group: DirectoryEntity = {
    ...initialValues(groupType.properties),
    ...properties,
    visibility: properties.visibility ?? (isAssignableToRole ? "Private" : null),
    id: randomUUID(),
    createdDateTime: toGraphTime(now),
    renewedDateTime: toGraphTime(now),
  };
  tenant.groups.set(group.id, group);
  tenant.members.push(...members.map((to) => ({ from: group.id, to })));
  return entity(request, groupType, group, 201);
}

function update(request: GraphRequest): Reply {
  const uniqueName = keyToCreate(request, "uniqueName");
  if (uniqueName !== undefined && findByKey(request) === undefined)
    return create({ ...request, body: { ...request.body, uniqueName } });
  const group = findToWrite(request);
  const { properties, bindings } = checkBody(request.body, groupType, groupType.properties, group);
  const members = boundIds(request.tenant, bindings.members ?? []);
  for (const member of members) checkNewMember(request.tenant, group, member);
  request.tenant.groups.set(group.id, { ...group, ...properties });
  request.tenant.members.push(...members.map((to) => ({ from: group.id, to })));
  return noContent;
}

function addMember(request: GraphRequest): Reply {
  const group = findToWrite(request);
  const member = referencedId(request.tenant, referenceUrl(request.body));
  checkNewMember(request.tenant, group, member);
  request.tenant.members.push({ from: group.id, to: member });
  return noContent;
}

function removeMember(request: GraphRequest): Reply {
  const group = findToWrite(request);
  const member = idOf(request, "memberId");
  if (!membersOf(request.tenant, group.id).includes(member)) throw resourceNotFound(member);
  request.tenant.members = request.tenant.members.filter(
    ({ from, to }) => from !== group.id || to !== member,
  );
  return noContent;
}

function checkNewMember(tenant: TenantState, group: DirectoryEntity, member: string): void {
  checkMember(tenant, group, member);
  if (membersOf(tenant, group.id).includes(member)) throw referenceExists("members");
  if (member === group.id || groupsOf(tenant, group.id).includes(member)) {
    throw badRequest("A group cannot be a member of itself, directly or through others.");
  }
}

/** Users, service principals and, in groups that no role can be assigned to, other groups. */
function checkMember(tenant: TenantState, group: Partial<DirectoryEntity>, member: string): void {
  const type = textOf(findDirectoryObject(tenant, member)?.type);
  if (!["user", "servicePrincipal", "group"].includes(type)) {
    throw badRequest(
      `The reference target '${type}' of type '${type}' is invalid for the 'members' reference.`,
    );
  }
  if (type === "group" && group.isAssignableToRole === true) {
    throw badRequest("Nesting is currently not supported for groups that can be assigned to a role.");
  }
}
