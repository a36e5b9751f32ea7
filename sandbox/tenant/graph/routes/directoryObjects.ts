import { entityTypes } from "../../directory/present.ts";
import { checkBody } from "../../model/checkBody.ts";
import { directoryObjectType } from "../../model/directory.ts";
import { list, required, text } from "../../model/property.ts";
import { findDirectoryObject } from "../../state.ts";
import { badRequest, invalidValue, resourceNotFound, searchUnsupported } from "../errors.ts";
import type { GraphRequest, GraphRoute, Reply } from "../route.ts";
import { bodyType, idsIn, membershipFunctions, textsIn } from "./membershipFunctions.ts";
import { find as findGroup } from "./groups.ts";
import { directoryReaders } from "./permissions.ts";
import { directoryObject, idOf, presentItem } from "./references.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";
import { find as findUser } from "./users.ts";

/** What getByIds takes at most; Microsoft documents it. */
const maxIds = 1000;

/** The types that getByIds can be asked for. The tenant has no devices and no contacts. */
const known: ReadonlySet<string> = new Set(
  ["directoryObject", "device", "orgContact", ...Object.keys(entityTypes)].map((name) => name.toLowerCase()),
);

const getByIdsType = bodyType("getByIds", { ids: required(list(text())), types: list(text()) });

const reading = {
  permissions: [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
  ],
  directoryRoles: directoryReaders,
  type: directoryObjectType,
};

/** Objects by id alone, and what they are members of. */
export const directoryObjectRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path: "/directoryObjects",
    title: "Refuse to list objects of every type, as Microsoft Graph does",
    query: ["$select", "$filter", "$top", "$count", "$orderby", "$search"],
    handle: () => {
      throw searchUnsupported();
    },
  },
  {
    ...reading,
    method: "GET",
    path: "/directoryObjects/:id",
    title: "Read an object of any type",
    query: ["$select"],
    handle: (request) => directoryObject(request, idOf(request)),
  },
  {
    permissions: ["Directory.Read.All"],
    directoryRoles: directoryReaders,
    type: directoryObjectType,
    method: "POST",
    path: "/directoryObjects/getByIds",
    title: "Read objects of any type by their IDs",
    query: ["$select"],
    takesBody: true,
    onlyReads: true,
    handle: getByIds,
  },
  ...membershipFunctions("/directoryObjects/:id", findAny, { permissions: ["Directory.Read.All"] }),
  ...membershipFunctions(
    "/users/:id",
    (request) => findUser(request).id,
    {
      permissions: ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"],
      alsoRequires: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
    },
    {
      permissions: ["User.Read.All", "Directory.Read.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
    },
  ),
  ...membershipFunctions("/groups/:id", (request) => findGroup(request).id, {
    permissions: [
      "GroupMember.Read.All",
      "Group.Read.All",
      "Directory.Read.All",
      "Group.ReadWrite.All",
      "Directory.ReadWrite.All",
    ],
  }),
  ...membershipFunctions("/servicePrincipals/:id", (request) => findServicePrincipal(request).id, {
    permissions: [
      "Application.Read.All",
      "Directory.Read.All",
      "Application.ReadWrite.All",
      "Directory.ReadWrite.All",
    ],
  }),
];

/** Objects that there are not are left out. */
function getByIds(request: GraphRequest): Reply {
  const { properties } = checkBody(request.body, getByIdsType, getByIdsType.properties, undefined);
  const ids = idsIn(properties.ids);
  if (ids.length > maxIds) throw badRequest(`'ids' has ${ids.length} IDs, and ${maxIds} are the most.`);
  const types = textsIn(properties.types ?? []).map((name) => name.toLowerCase());
  if (!types.every((name) => known.has(name))) throw invalidValue("types", "directoryObject");
  const isWanted = (id: string): boolean => {
    const type = findDirectoryObject(request.tenant, id)?.type.toLowerCase() ?? "";
    return types.length === 0 || types.includes("directoryobject") || types.includes(type);
  };
  return {
    status: 200,
    body: {
      "@odata.context": `${request.url.origin}/${request.version}/$metadata#directoryObjects`,
      value: [...new Set(ids)].filter(isWanted).flatMap((id) => presentItem(request, id) ?? []),
    },
  };
}

function findAny(request: GraphRequest): string {
  const id = idOf(request);
  if (findDirectoryObject(request.tenant, id) === undefined) throw resourceNotFound(id);
  return id;
}
