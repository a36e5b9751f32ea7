import { randomUUID } from "node:crypto";
import { badRequest, referenceExists, resourceNotFound } from "../errors.ts";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues, type EntityType } from "../../model/entityType.ts";
import {
  applicationPolicyType,
  conditionalAccessPolicyType,
  tenantPolicyType,
} from "../../model/policies.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import type { DirectoryEntity } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import { find as findApplication } from "./applications.ts";
import { applicationAdministrators } from "./permissions.ts";
import { idOf, referenceUrl } from "./references.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";

const writers = ["Policy.ReadWrite.ApplicationConfiguration"];
const reading = {
  permissions: ["Policy.Read.All", ...writers],
  directoryRoles: [
    "Global Reader",
    "Security Reader",
    "Security Administrator",
    ...applicationAdministrators,
  ],
};
const writing = { permissions: writers, directoryRoles: applicationAdministrators };
const defaultPath = "/policies/defaultAppManagementPolicy";

/** Application management policies, and conditional access as far as it is about workload identities. */
export const policyRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    type: tenantPolicyType,
    method: "GET",
    path: defaultPath,
    title: "Read the tenant's application management policy",
    query: ["$select"],
    handle: (request) => entity(request, tenantPolicyType, request.tenant.defaultAppManagementPolicy),
  },
  {
    ...writing,
    type: tenantPolicyType,
    method: "PATCH",
    path: defaultPath,
    title: "Update the tenant's application management policy",
    takesBody: true,
    handle: (request) => {
      const current = request.tenant.defaultAppManagementPolicy;
      const { properties } = checkBody(request.body, tenantPolicyType, tenantPolicyType.properties, current);
      request.tenant.defaultAppManagementPolicy = { ...current, ...properties };
      return noContent;
    },
  },
  ...crud({
    path: "/policies/appManagementPolicies",
    what: "application management policy",
    type: applicationPolicyType,
    tableOf: (request) => request.tenant.appManagementPolicies,
    created: () => ({}),
    reading,
    writing,
  }),
  ...crud({
    path: "/identity/conditionalAccess/policies",
    what: "conditional access policy",
    type: conditionalAccessPolicyType,
    tableOf: (request) => request.tenant.conditionalAccessPolicies,
    created: (request) => ({ createdDateTime: toGraphTime(request.now) }),
    reading: {
      permissions: ["Policy.Read.All"],
      directoryRoles: [
        "Global Reader",
        "Security Reader",
        "Security Administrator",
        "Conditional Access Administrator",
      ],
    },
    writing: {
      permissions: ["Policy.ReadWrite.ConditionalAccess"],
      directoryRoles: ["Conditional Access Administrator", "Security Administrator", "Global Administrator"],
    },
  }),
  ...assignmentsOf("/applications/:id", (request) => findApplication(request).id),
  ...assignmentsOf("/servicePrincipals/:id", (request) => findServicePrincipal(request).id),
];

interface Crud {
  readonly path: string;
  readonly what: string;
  readonly type: EntityType;
  readonly tableOf: (request: GraphRequest) => Map<string, DirectoryEntity>;
  /** What a new object has besides what its creator says. */
  readonly created: (request: GraphRequest) => Record<string, string>;
  readonly reading: { readonly permissions: readonly string[]; readonly directoryRoles: readonly string[] };
  readonly writing: { readonly permissions: readonly string[]; readonly directoryRoles: readonly string[] };
}

function crud(options: Crud): readonly GraphRoute[] {
  const { path, what, type, tableOf } = options;
  const find = (request: GraphRequest): DirectoryEntity => {
    const object = tableOf(request).get(idOf(request));
    if (object === undefined) throw resourceNotFound(idOf(request));
    return object;
  };
  return [
    {
      ...options.reading,
      type,
      method: "GET",
      path,
      title: `List every ${what}`,
      query: ["$select", "$filter", "$top"],
      handle: (request) => collection(request, type, tableOf(request).values()),
    },
    {
      ...options.writing,
      type,
      method: "POST",
      path,
      title: `Create an object: ${what}`,
      takesBody: true,
      handle: (request) => {
        const { properties } = checkBody(request.body, type, type.properties, undefined);
        const object = {
          ...initialValues(type.properties),
          ...properties,
          ...options.created(request),
          id: randomUUID(),
        };
        tableOf(request).set(object.id, object);
        return entity(request, type, object, 201);
      },
    },
    {
      ...options.reading,
      type,
      method: "GET",
      path: `${path}/:id`,
      title: `Read an object: ${what}`,
      query: ["$select"],
      handle: (request) => entity(request, type, find(request)),
    },
    {
      ...options.writing,
      type,
      method: "PATCH",
      path: `${path}/:id`,
      title: `Update an object: ${what}`,
      takesBody: true,
      handle: (request) => {
        const current = find(request);
        const { properties } = checkBody(request.body, type, type.properties, current);
        tableOf(request).set(current.id, { ...current, ...properties });
        return noContent;
      },
    },
    {
      ...options.writing,
      type,
      method: "DELETE",
      path: `${path}/:id`,
      title: `Delete an object: ${what}`,
      handle: (request) => {
        const { id } = find(request);
        tableOf(request).delete(id);
        request.tenant.policyAssignments = request.tenant.policyAssignments.filter(
          (reference) => reference.to !== id,
        );
        return noContent;
      },
    },
  ];
}

/** The policy of one application or service principal: one at most. */
function assignmentsOf(holder: string, holderId: (request: GraphRequest) => string): readonly GraphRoute[] {
  const path = `${holder}/appManagementPolicies`;
  const type = applicationPolicyType;
  return [
    {
      type,
      ...reading,
      permissions: [...reading.permissions, "Application.Read.All", "Application.ReadWrite.All"],
      method: "GET",
      path,
      title: "List the application management policies that are assigned to an object",
      query: ["$select"],
      handle: (request) => {
        const ids = assignedTo(request, holderId(request));
        return collection(
          request,
          type,
          ids.flatMap((id) => request.tenant.appManagementPolicies.get(id) ?? []),
        );
      },
    },
    {
      type,
      ...writing,
      method: "POST",
      path: `${path}/$ref`,
      title: "Assign an application management policy",
      takesBody: true,
      handle: (request) => assign(request, holderId(request)),
    },
    {
      type,
      ...writing,
      method: "DELETE",
      path: `${path}/:policyId/$ref`,
      title: "Take an application management policy off an object",
      handle: (request) => unassign(request, holderId(request)),
    },
  ];
}

function assignedTo(request: GraphRequest, holderId: string): readonly string[] {
  return request.tenant.policyAssignments
    .filter((reference) => reference.from === holderId)
    .map((reference) => reference.to);
}

function assign(request: GraphRequest, holderId: string): Reply {
  const [, policyId = ""] =
    /\/policies\/appManagementPolicies\/([^/?]+)$/.exec(referenceUrl(request.body)) ?? [];
  if (!request.tenant.appManagementPolicies.has(policyId)) throw resourceNotFound(policyId);
  const [present] = assignedTo(request, holderId);
  if (present === policyId) throw referenceExists("appManagementPolicies");
  if (present !== undefined) throw badRequest("Only one app management policy can be assigned to an object.");
  request.tenant.policyAssignments.push({ from: holderId, to: policyId });
  return noContent;
}

function unassign(request: GraphRequest, holderId: string): Reply {
  const policyId = idOf(request, "policyId");
  if (!assignedTo(request, holderId).includes(policyId)) throw resourceNotFound(policyId);
  request.tenant.policyAssignments = request.tenant.policyAssignments.filter(({ from }) => from !== holderId);
  return noContent;
}
