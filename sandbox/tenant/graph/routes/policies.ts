import { checkBody } from "../../model/checkBody.ts";
import {
  applicationPolicyType,
  conditionalAccessPolicyType,
  tenantPolicyType,
} from "../../model/policies.ts";
import { toGraphTime } from "../../time.ts";
import { entity } from "../reply.ts";
import { noContent, type GraphRoute } from "../route.ts";
import { crud } from "./crud.ts";
import { applicationAdministrators } from "./permissions.ts";
import { policyAssignmentRoutes } from "./policyAssignments.ts";

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
  ...policyAssignmentRoutes({
    name: "appManagementPolicies",
    what: "app management policy",
    type: applicationPolicyType,
    holders: ["applications", "servicePrincipals"],
    tableOf: ({ tenant }) => tenant.appManagementPolicies,
    reading: {
      ...reading,
      permissions: [...reading.permissions, "Application.Read.All", "Application.ReadWrite.All"],
    },
    writing,
  }),
];
