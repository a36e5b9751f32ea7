import { builtInRole, roleTemplateId } from "../../tenant/catalogue/directoryRoles.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Probe } from "../probe.ts";
import type { JsonObject } from "../../tenant/json.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";
const helpdesk = roleTemplateId("Helpdesk Administrator");
const exchangeAdministrator = roleTemplateId("Exchange Administrator");
/** A role that gives next to nothing. */
const reader = roleTemplateId("Directory Readers");
const assignments = "/v1.0/roleManagement/directory/roleAssignments";
const requests = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
const justification = "Conformance of the sandbox";
const forAnHour = { expiration: { type: "afterDuration", duration: "PT1H" } };

/** How Graph gives directory roles, and how they get into tokens. */
export const roleCases: readonly ConformanceCase[] = [
  {
    id: "roleAssignment",
    title: "A directory role is assigned, assigned again, and taken away",
    options: ["directory-role"],
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "assigned");
      const id = await assign(probe, principalId, reader);
      await assign(probe, principalId, reader);
      await probe.ask("GET", `${assignments}/${id}`);
      await probe.ask("DELETE", `${assignments}/${id}`);
    },
  },
  {
    id: "wrongRoleScope",
    title: "Exchange Administrator over an administrative unit, and over nothing",
    beliefs: ["wrongRoleScope"],
    options: ["directory-role"],
    run: async (probe) => {
      const { principalId } = await own.plain(probe.workplace);
      const unitId = await own.unit(probe.workplace, "scope");
      await assign(probe, principalId, exchangeAdministrator, `/administrativeUnits/${unitId}`);
      await assign(probe, principalId, exchangeAdministrator, "");
    },
  },
  {
    id: "unknownRoleOrPrincipal",
    title: "A role that does not exist",
    beliefs: ["unknownRoleOrPrincipal"],
    options: ["directory-role"],
    run: async (probe) => assign(probe, (await own.plain(probe.workplace)).principalId, unknownId),
  },
  {
    id: "scopedAssignmentId",
    title: "The ID of an assignment over an administrative unit",
    beliefs: ["scopedAssignmentId"],
    options: ["directory-role"],
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "scoped");
      const unitId = await own.unit(probe.workplace, "scopedUnit");
      await assign(probe, principalId, helpdesk, `/administrativeUnits/${unitId}`);
    },
  },
  {
    id: "roleGivenTwice",
    title: "A member is added twice to an activated role",
    beliefs: ["roleGivenTwice"],
    options: ["directory-role"],
    run: async (probe) => {
      const { workplace } = probe;
      const { principalId } = await own.principal(workplace, "twice");
      workplace.options.ledger.intend("roleAssignment", principalId);
      const path = `/v1.0/directoryRoles/roleTemplateId=${reader}/members/$ref`;
      await probe.ask("POST", path, own.reference(workplace, principalId));
      await probe.ask("POST", path, own.reference(workplace, principalId));
    },
  },
  {
    id: "roleClaimsWithRole",
    title: "The role claims of an application with a role",
    beliefs: ["roleClaims"],
    options: ["directory-role"],
    run: async (probe) => {
      const signed = await own.certified(probe.workplace, "claims");
      await own.assignRole(probe.workplace, signed.principalId, reader);
      await probe.signIn("with a role", await own.signInForm(probe.workplace, signed));
    },
  },
  {
    id: "rolesThroughGroups",
    title: "The role claims of an application in a group with a role",
    beliefs: ["rolesThroughGroups"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { workplace } = probe;
      const signed = await own.certified(workplace, "grouped");
      const groupId = await own.group(workplace, "roleGroup", { isAssignableToRole: true });
      await probe.ask(
        "POST",
        `/v1.0/groups/${groupId}/members/$ref`,
        own.reference(workplace, signed.principalId),
      );
      await own.assignRole(workplace, groupId, reader);
      await probe.signIn("through a group", await own.signInForm(workplace, signed));
    },
  },
  {
    id: "timedServicePrincipalRole",
    title: "A service principal has a role for an hour, from a request without a start",
    beliefs: ["timedServicePrincipalRole"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "timed");
      await schedule(probe, principalId, { action: "adminAssign", justification, scheduleInfo: forAnHour });
      await schedulesOf(probe, principalId);
      const filter = encodeURIComponent(`principalId eq '${principalId}'`);
      await probe.ask("GET", `${requests}?$filter=${filter}&$select=action,status,isValidationOnly`);
    },
  },
  {
    id: "updatedRoleAssignment",
    title: "A role without an end gets one, and loses it again",
    beliefs: ["updatedRoleAssignment"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "updated");
      const id = await assign(probe, principalId, reader);
      const update = { action: "adminUpdate", justification };
      await schedule(probe, principalId, { ...update, scheduleInfo: forAnHour });
      await probe.ask("GET", `${assignments}/${id}?$select=id`);
      await schedulesOf(probe, principalId);
      await schedule(probe, principalId, {
        ...update,
        scheduleInfo: { expiration: { type: "noExpiration" } },
      });
      await probe.ask("GET", `${assignments}/${id}?$select=id`);
      await probe.ask("DELETE", `${assignments}/${id}`);
      await schedulesOf(probe, principalId);
    },
  },
  {
    id: "rolePolicyRules",
    title: "A role for an hour without a justification, and the rules of roles without a filter",
    beliefs: ["rolePolicyRules"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "ruled");
      await probe.ask("GET", "/v1.0/policies/roleManagementPolicyAssignments");
      await schedule(probe, principalId, { action: "adminAssign", scheduleInfo: forAnHour });
    },
  },
  {
    id: "eligibilityCodes",
    title: "A service principal that is to be eligible for a role",
    beliefs: ["eligibilityCodes"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { principalId } = await own.plain(probe.workplace);
      await probe.ask("POST", "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests", {
        action: "adminAssign",
        principalId,
        roleDefinitionId: reader,
        directoryScopeId: "/",
        scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
      });
    },
  },
  {
    id: "groupEligibility",
    title: "A service principal that is to be eligible for a group, and a list without a filter",
    beliefs: ["groupEligibility"],
    options: ["directory-role"],
    fits: ({ entraIdP2 }) => entraIdP2,
    run: async (probe) => {
      const { principalId } = await own.plain(probe.workplace);
      const groupId = await own.group(probe.workplace, "eligible");
      const path = "/v1.0/identityGovernance/privilegedAccess/group";
      await probe.ask("POST", `${path}/eligibilityScheduleRequests`, {
        accessId: "member",
        action: "adminAssign",
        principalId,
        groupId,
        scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
      });
      await probe.ask("GET", `${path}/eligibilitySchedules`);
    },
  },
];

/** Assigns a role, as what the case is about. @returns the assignment's ID */
async function assign(
  probe: Probe,
  principalId: string,
  role: string,
  directoryScopeId = "/",
): Promise<string> {
  const body = { principalId, roleDefinitionId: role, directoryScopeId };
  probe.workplace.labels.add(role, builtInRole(role) === undefined ? "no role" : "role");
  return (await probe.create("roleAssignment", `assignment of ${probe.seen.length}`, principalId, body)).id;
}

/** Asks for an assignment of a role that Privileged Identity Management looks after. */
async function schedule(probe: Probe, principalId: string, request: JsonObject): Promise<void> {
  probe.workplace.options.ledger.intend("roleAssignment", principalId);
  await probe.ask("POST", requests, {
    principalId,
    roleDefinitionId: reader,
    directoryScopeId: "/",
    ...request,
  });
}

/** How a principal's assignments end. */
async function schedulesOf(probe: Probe, principalId: string): Promise<void> {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const path = "/v1.0/roleManagement/directory/roleAssignmentSchedules";
  await probe.ask("GET", `${path}?$filter=${filter}&$select=scheduleInfo,assignmentType,status`);
}
