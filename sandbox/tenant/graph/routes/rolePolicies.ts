import { isGuid } from "../../../../common/guid.ts";
import { builtInRole } from "../../catalogue/directoryRoles.ts";
import { presentRules, rolePolicyOf } from "../../directory/rolePolicies.ts";
import type { JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { rolePolicyAssignmentType, rolePolicyRuleType } from "../../model/rolePolicies.ts";
import type { TenantState } from "../../state.ts";
import { directoryRoles } from "../../../../microsoft/roles.ts";
import { badRequest, resourceNotFound } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { roleAdministrators } from "./permissions.ts";
import { checkLicense } from "./readRoutes.ts";

const writers = ["RoleManagementPolicy.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"];
const readers = [
  "RoleManagementPolicy.Read.Directory",
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  ...writers,
];
const reading = { permissions: readers, directoryRoles: [...roleAdministrators, "Global Reader"] };
const rules = "/policies/roleManagementPolicies/:id/rules";

/** The rules of Privileged Identity Management for roles of Entra, as far as they are about active assignments. */
export const rolePolicyRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    method: "GET",
    path: "/policies/roleManagementPolicyAssignments",
    title: "List which rules hold for which role",
    type: rolePolicyAssignmentType,
    query: ["$select", "$filter", "$top"],
    differences: "Built-in roles only. A policy has the rules for active assignments by an administrator.",
    handle: (request) => {
      checkLicense(request);
      const { filtered } = request.query;
      if (!filtered?.has("scopeId") || !filtered.has("scopeType"))
        throw badRequest("The required parameters scopeId and scopeType are missing.", "MissingParameters");
      return collection(request, rolePolicyAssignmentType, assignmentsOf(request.tenant));
    },
  },
  {
    ...reading,
    method: "GET",
    path: rules,
    title: "List the rules of a policy for roles",
    type: rolePolicyRuleType,
    query: ["$select"],
    handle: (request) => {
      checkLicense(request);
      return collection(request, rolePolicyRuleType, presentRules(policyOf(request)));
    },
  },
  {
    method: "PATCH",
    path: `${rules}/:ruleId`,
    title: "Change a rule of a policy for roles",
    type: rolePolicyRuleType,
    permissions: writers,
    directoryRoles: roleAdministrators,
    takesBody: true,
    handle: changeRule,
  },
];

function assignmentsOf(tenant: TenantState): readonly JsonObject[] {
  return directoryRoles.map(({ templateId }) => {
    const policyId = policyIdOf(tenant, templateId);
    return {
      id: `${policyId}_${templateId}`,
      policyId,
      roleDefinitionId: templateId,
      scopeId: "/",
      scopeType: "DirectoryRole",
    };
  });
}

function policyIdOf({ id }: TenantState, roleTemplateId: string): string {
  return `DirectoryRole_${id}_${roleTemplateId}`;
}

function policyOf(request: GraphRequest): ReturnType<typeof rolePolicyOf> {
  return rolePolicyOf(request.tenant, roleOf(request));
}

/** The template id of the role that a policy is for. @throws GraphError */
function roleOf({ tenant, params: { id = "" } }: GraphRequest): string {
  const templateId = id.split("_").at(-1) ?? "";
  if (!isGuid(templateId) || builtInRole(templateId) === undefined || id !== policyIdOf(tenant, templateId))
    throw resourceNotFound(id);
  return templateId;
}

function changeRule(request: GraphRequest): ReturnType<typeof entity> {
  checkLicense(request);
  const policy = policyOf(request);
  const current = presentRules(policy).find(({ id }) => id === request.params.ruleId);
  if (current === undefined) throw resourceNotFound(request.params.ruleId ?? "");
  const { "@odata.type": _type, ...body } = request.body;
  const { properties } = checkBody(body, rolePolicyRuleType, rolePolicyRuleType.properties, current);
  const { enabledRules, isExpirationRequired, maximumDuration } = { ...current, ...properties };
  const changed = {
    isExpirationRequired:
      isExpirationRequired === undefined ? policy.isExpirationRequired : isExpirationRequired === true,
    maximumDuration: typeof maximumDuration === "string" ? maximumDuration : policy.maximumDuration,
    enabledRules: Array.isArray(enabledRules) ? enabledRules.map(String) : policy.enabledRules,
  };
  request.tenant.rolePolicies.set(roleOf(request), changed);
  const shown = presentRules(changed).find(({ id }) => id === current.id);
  return entity(request, rolePolicyRuleType, shown ?? current);
}
