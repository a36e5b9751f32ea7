import { randomUUID } from "node:crypto";
import { brokenRules, rolePolicyOf } from "../../directory/rolePolicies.ts";
import { assignmentIdOf, isLive, removeRoleAssignment, settleSchedules } from "../../directory/schedules.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues, type EntityType } from "../../model/entityType.ts";
import { first, type DirectoryEntity, type TenantState } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import { badRequest, brokenPolicy } from "../errors.ts";
import { entity } from "../reply.ts";
import type { GraphRequest, GraphRoute, Reply } from "../route.ts";
import { roleAdministrators } from "./permissions.ts";
import { checkLicense } from "./readRoutes.ts";
import { checkRoleAssignment, type WantedRole } from "./roleAssignments.ts";

/** What a request gives: the role for a time, or the right to activate it. */
export type RoleScheduleKind = "assignment" | "eligibility";

/** The route that makes and ends schedules of one kind. */
export function requestRoute(
  kind: RoleScheduleKind,
  type: EntityType,
  permissions: readonly string[],
): GraphRoute {
  const isAssignment = kind === "assignment";
  return {
    method: "POST",
    path: `/roleManagement/directory/role${isAssignment ? "Assignment" : "Eligibility"}ScheduleRequests`,
    title: isAssignment
      ? "Give a principal a role for a time, or end that"
      : "Make a principal eligible for a role, or no longer",
    type,
    permissions,
    directoryRoles: roleAdministrators,
    takesBody: true,
    differences: "`adminAssign`, `adminUpdate` and `adminRemove` only; every request is granted at once.",
    handle: (request) => create(request, kind, type),
  };
}

function create(request: GraphRequest, kind: RoleScheduleKind, type: EntityType): Reply {
  checkLicense(request);
  const { tenant, now } = request;
  const { properties } = checkBody(request.body, type, type.properties, undefined);
  const wanted = {
    principalId: textOf(properties.principalId).toLowerCase(),
    roleDefinitionId: textOf(properties.roleDefinitionId).toLowerCase(),
    directoryScopeId: textOf(properties.directoryScopeId) || "/",
  };
  checkRoleAssignment(tenant, wanted);
  if (kind === "eligibility") refuseServicePrincipal(tenant, wanted);
  const { schedules, requests } = tablesOf(tenant, kind);
  const present = first(schedules.values(), (schedule) => isThat(schedule, wanted) && isLive(schedule, now));
  const isDirect = kind === "assignment" && tenant.roleAssignments.has(assignmentIdOf({ id: "", ...wanted }));
  const { action } = properties;
  const removes = action === "adminRemove";
  const isThere = present !== undefined || isDirect;
  if (action !== "adminAssign" && !isThere) {
    throw badRequest("The Role assignment does not exist.", "RoleAssignmentDoesNotExist");
  }
  if (action === "adminAssign" && isThere) {
    throw badRequest("The Role assignment already exists.", "RoleAssignmentExists");
  }
  if (!removes && kind === "assignment") checkRules(tenant, wanted, properties, now);
  const schedule =
    removes || present === undefined
      ? (present ?? newSchedule(wanted, properties, now))
      : updated(present, properties, now);
  if (removes) {
    if (kind === "assignment") removeRoleAssignment(tenant, assignmentIdOf(schedule));
    schedules.delete(schedule.id);
  } else {
    schedules.set(schedule.id, schedule);
    settleSchedules(tenant, now);
  }
  const answer = answerOf(request, type, { ...properties, ...wanted }, schedule.id);
  requests.set(answer.id, answer);
  return entity(request, type, answer, 201);
}

/** A request as it is answered and kept: granted at once. */
export function answerOf(
  { caller, now }: GraphRequest,
  type: EntityType,
  properties: JsonObject,
  scheduleId: string,
): DirectoryEntity {
  const assigns = properties.action === "adminAssign";
  const isRevoked = properties.action === "adminRemove";
  return {
    ...initialValues(type.properties),
    ...properties,
    id: assigns ? scheduleId : randomUUID(),
    createdDateTime: toGraphTime(now),
    completedDateTime: toGraphTime(now),
    createdBy: { user: null, application: { id: caller.objectId } },
    status: isRevoked ? "Revoked" : "Provisioned",
    targetScheduleId: scheduleId,
  };
}

/** @throws GraphError where the role's rules do not let an administrator assign it so */
function checkRules(
  tenant: TenantState,
  { roleDefinitionId }: WantedRole,
  properties: JsonObject,
  now: Date,
): void {
  const broken = brokenRules(rolePolicyOf(tenant, roleDefinitionId), {
    ...properties,
    createdDateTime: toGraphTime(now),
  });
  if (broken.length > 0) throw brokenPolicy(broken);
}

/** A schedule with other times. */
function updated(schedule: DirectoryEntity, { scheduleInfo }: JsonObject, now: Date): DirectoryEntity {
  return { ...schedule, scheduleInfo: scheduleInfo ?? null, modifiedDateTime: toGraphTime(now) };
}

function refuseServicePrincipal(tenant: TenantState, { principalId }: WantedRole): void {
  if (!tenant.servicePrincipals.has(principalId)) return;
  throw badRequest(
    "The subject of an eligible role assignment must be a user or a role-assignable group.",
    "InvalidRoleAssignmentRequest",
  );
}

function tablesOf(
  tenant: TenantState,
  kind: RoleScheduleKind,
): Record<"schedules" | "requests", Map<string, DirectoryEntity>> {
  return kind === "assignment"
    ? { schedules: tenant.assignmentSchedules, requests: tenant.assignmentRequests }
    : { schedules: tenant.eligibilitySchedules, requests: tenant.eligibilityRequests };
}

function newSchedule(wanted: WantedRole, properties: JsonObject, now: Date): DirectoryEntity {
  const id = randomUUID();
  return {
    appScopeId: null,
    ...wanted,
    id,
    assignmentType: "Assigned",
    createdDateTime: toGraphTime(now),
    createdUsing: id,
    memberType: "Direct",
    modifiedDateTime: null,
    scheduleInfo: properties.scheduleInfo ?? null,
    status: "Provisioned",
  };
}

function isThat(schedule: DirectoryEntity, { principalId, roleDefinitionId, directoryScopeId }: WantedRole) {
  return (
    schedule.principalId === principalId &&
    schedule.roleDefinitionId === roleDefinitionId &&
    schedule.directoryScopeId === directoryScopeId
  );
}
