import { ExchangeError } from "../../exchange/errors.ts";
import { assignmentGuid, roleGuid, scopeGuid } from "../../exchange/guids.ts";
import { addAssignment } from "../../exchange/managementRoleCommands.ts";
import { builtInAssignments, type KnownRole, managementRoles } from "../../exchange/roleStore.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { directoryObjectType } from "../../model/directory.ts";
import {
  customAppScopeType,
  managementRoleAssignmentType,
  managementRoleType,
} from "../../model/exchangeRoles.ts";
import type { ManagementRoleAssignment, ManagementScope, TenantState } from "../../state.ts";
import { badRequest, notImplemented, resourceNotFound, withoutExchange } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type Expansions, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { idOf, presentItem } from "./references.ts";

const permissions = [
  "RoleManagement.Read.Exchange",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Exchange",
];
const beta = { versions: ["beta"] } as const;
const reading = { ...beta, permissions };
const writing = { ...beta, permissions: ["RoleManagement.ReadWrite.Exchange"] };
const root = "/roleManagement/exchange";
const service = "exchangeOnline";

const expand: Expansions = {
  principal: {
    type: directoryObjectType,
    isSingle: true,
    of: (request, { principalId }, select) => {
      const item = presentItem(request, textOf(principalId).split("/").at(-1) ?? "", select ?? "default");
      return item === undefined ? [] : [item];
    },
  },
  roleDefinition: {
    type: managementRoleType,
    isSingle: true,
    of: ({ tenant }, { roleDefinitionId }) =>
      presentRoles(tenant).filter(({ id }) => id === roleDefinitionId),
  },
};

/** Exchange Online's own roles, who has them, and the scopes of both. Only the beta endpoint has them. */
export const exchangeRoleManagementRoutes: readonly GraphRoute[] = [
  ...listAndOne({
    path: `${root}/roleDefinitions`,
    type: managementRoleType,
    title: "management roles of Exchange Online",
    differences: "`description` repeats the name and `rolePermissions` is empty.",
    all: presentRoles,
  }),
  ...listAndOne({
    path: `${root}/roleAssignments`,
    type: managementRoleAssignmentType,
    title: "assignments of management roles of Exchange Online",
    differences:
      "Neither who may give a role (`-Delegating`) nor who is in a role group is here. Users have no assignments of their own.",
    expand,
    all: presentAssignments,
  }),
  {
    ...writing,
    method: "POST",
    path: `${root}/roleAssignments`,
    title: "Assign a management role of Exchange Online",
    type: managementRoleAssignmentType,
    takesBody: true,
    handle: create,
  },
  {
    ...writing,
    method: "DELETE",
    path: `${root}/roleAssignments/:id`,
    title: "Remove an assignment of a management role",
    type: managementRoleAssignmentType,
    differences: "An assignment of a built-in role group stays.",
    handle: remove,
  },
  ...listAndOne({
    path: `${root}/customAppScopes`,
    type: customAppScopeType,
    title: "management scopes of Exchange Online",
    all: presentScopes,
  }),
];

interface Listed extends Pick<GraphRoute, "path" | "type" | "title" | "differences" | "expand"> {
  readonly all: (tenant: TenantState) => readonly JsonObject[];
}

/** The list, and one of it by its ID. */
function listAndOne({ all, title, differences, ...given }: Listed): readonly GraphRoute[] {
  const common = { ...reading, ...given, method: "GET" } as const;
  const expandable = given.expand === undefined ? [] : (["$expand"] as const);
  return [
    {
      ...common,
      title: `List ${title}`,
      ...(differences === undefined ? {} : { differences }),
      query: ["$select", "$filter", "$top", ...expandable],
      handle: (request) => collection(request, given.type, all(licensed(request))),
    },
    {
      ...common,
      path: `${given.path}/:id`,
      title: `Read one of the ${title}`,
      query: ["$select", ...expandable],
      handle: (request) => {
        const object = all(licensed(request)).find(({ id }) => id === idOf(request));
        if (object === undefined) throw resourceNotFound(idOf(request));
        return entity(request, given.type, object);
      },
    },
  ];
}

/** @throws GraphError where there is no Exchange Online */
function licensed({ tenant }: GraphRequest): TenantState {
  if (!tenant.exchangeLicensed) throw withoutExchange(tenant.id);
  return tenant;
}

function rolesOf({ exchange }: TenantState): readonly KnownRole[] {
  return managementRoles(exchange[service], service);
}

function presentRoles(tenant: TenantState): readonly JsonObject[] {
  return rolesOf(tenant).map(({ name, parent }) => ({
    id: roleGuid([tenant, service], name),
    allowedPrincipalTypes: "user,group",
    description: name,
    displayName: name,
    isBuiltIn: parent === undefined,
    isEnabled: true,
    rolePermissions: [],
    templateId: null,
    version: "0.12 (14.0.451.0)",
  }));
}

function presentAssignments(tenant: TenantState): readonly JsonObject[] {
  return [...builtInAssignments(service), ...tenant.exchange[service].assignments.values()]
    .filter(({ isDelegating }) => isDelegating !== true)
    .map((assignment) => presentAssignment(tenant, assignment));
}

function presentAssignment(tenant: TenantState, assignment: ManagementRoleAssignment): JsonObject {
  const { assignee, assigneeType, customRecipientWriteScope: scope, administrativeUnit: unit } = assignment;
  return {
    id: assignmentGuid([tenant, service], assignment),
    appScopeId: scope === undefined ? null : scopeGuid([tenant, service], scope),
    directoryScopeId: scope !== undefined ? null : unit === undefined ? "/" : `/AdministrativeUnits/${unit}`,
    principalId: assigneeType === "RoleGroup" ? `/RoleGroups/${assignee}` : `/ServicePrincipals/${assignee}`,
    roleDefinitionId: roleGuid([tenant, service], assignment.role),
  };
}

function presentScopes(tenant: TenantState): readonly JsonObject[] {
  return scopesOf(tenant).map(({ name, recipientFilter }) => ({
    id: scopeGuid([tenant, service], name),
    customAttributes: { Exclusive: false, RecipientFilter: recipientFilter },
    displayName: name,
    type: "RecipientScope",
  }));
}

function scopesOf({ exchange }: TenantState): readonly ManagementScope[] {
  return [...exchange[service].scopes.values()];
}

/** Gives a role to a service principal, which becomes known to Exchange by it, or to a role group. */
function create(request: GraphRequest): Reply {
  const tenant = licensed(request);
  const { properties } = checkBody(
    request.body,
    managementRoleAssignmentType,
    managementRoleAssignmentType.properties,
    undefined,
  );
  const roleId = textOf(properties.roleDefinitionId).toLowerCase();
  const role = rolesOf(tenant).find(({ name }) => roleGuid([tenant, service], name) === roleId);
  if (role === undefined) throw resourceNotFound(roleId);
  const scope = scopeOf(tenant, properties);
  const principal = principalOf(request, textOf(properties.principalId));
  const parameters = {
    Role: role.name,
    ...("App" in principal
      ? { App: principal.App, ...(scope.custom === undefined ? {} : { CustomResourceScope: scope.custom }) }
      : {
          SecurityGroup: principal.SecurityGroup,
          ...(scope.custom === undefined ? {} : { CustomRecipientWriteScope: scope.custom }),
        }),
    ...(scope.unit === undefined ? {} : { RecipientAdministrativeUnitScope: scope.unit }),
  };
  try {
    const input = { tenant, store: tenant.exchange[service], service, parameters, now: request.now } as const;
    const assignment = addAssignment({ ...input, mayWrite: () => false });
    return entity(request, managementRoleAssignmentType, presentAssignment(tenant, assignment), 201);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    throw error.status === 404 ? resourceNotFound(textOf(properties.principalId)) : badRequest(error.message);
  }
}

/** @throws GraphError */
function scopeOf(
  tenant: TenantState,
  { appScopeId, directoryScopeId }: JsonObject,
): { readonly custom?: string; readonly unit?: string } {
  const [app, directory] = [textOf(appScopeId), textOf(directoryScopeId)];
  if ((app === "") === (directory === ""))
    throw badRequest("Either appScopeId or directoryScopeId must be specified.");
  if (app !== "") {
    const scope = scopesOf(tenant).find(
      ({ name }) => scopeGuid([tenant, service], name) === app.toLowerCase(),
    );
    if (scope === undefined) throw resourceNotFound(app);
    return { custom: scope.name };
  }
  if (directory === "/") return {};
  const [, kind = "", id = ""] = /^\/(\w+)\/([^/]+)$/.exec(directory) ?? [];
  if (/^administrativeunits$/i.test(kind)) {
    if (!tenant.administrativeUnits.has(id.toLowerCase())) throw resourceNotFound(id);
    return { unit: id };
  }
  if (/^(users|groups)$/i.test(kind)) throw notImplemented(`The scope '${directory}' of a role of Exchange`);
  throw badRequest(`The directoryScopeId '${directory}' is invalid.`);
}

/** @throws GraphError */
function principalOf(
  { tenant, now }: GraphRequest,
  principalId: string,
): { readonly App: string } | { readonly SecurityGroup: string } {
  const [, group] = /^\/RoleGroups\/(.+)$/i.exec(principalId) ?? [];
  if (group !== undefined) return { SecurityGroup: group };
  // Clients send the bare object ID, too.
  const [, id = ""] = /^(?:\/ServicePrincipals\/)?([^/]+)$/i.exec(principalId) ?? [];
  const principal = tenant.servicePrincipals.get(id.toLowerCase());
  if (principal === undefined) throw resourceNotFound(principalId);
  const { servicePrincipals } = tenant.exchange[service];
  if (!servicePrincipals.has(principal.id)) {
    const { appId, displayName } = principal;
    servicePrincipals.set(principal.id, {
      id: principal.id,
      appId,
      displayName,
      createdDateTime: now.toISOString(),
    });
  }
  return { App: principal.id };
}

function remove(request: GraphRequest): Reply {
  const tenant = licensed(request);
  const { assignments } = tenant.exchange[service];
  for (const [name, assignment] of assignments) {
    if (assignmentGuid([tenant, service], assignment) !== idOf(request)) continue;
    assignments.delete(name);
    return noContent;
  }
  throw resourceNotFound(idOf(request));
}
