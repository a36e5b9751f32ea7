import { randomUUID } from "node:crypto";
import { isoDurationMs } from "../../../../common/isoDuration.ts";
import { badRequest, resourceNotFound } from "../errors.ts";
import { isJsonObject, textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import {
  eligibilityInstanceType,
  eligibilityRequestType,
  eligibilityScheduleType,
} from "../../model/eligibility.ts";
import { initialValues, type EntityType } from "../../model/entityType.ts";
import { collection, entity } from "../reply.ts";
import type { GraphRequest, GraphRoute, Reply } from "../route.ts";
import { first, type DirectoryEntity } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import { readRoleManagement, roleAdministrators, writeRoleManagement } from "./permissions.ts";
import { idOf } from "./references.ts";
import { checkRoleAssignment } from "./roleAssignments.ts";

const root = "/roleManagement/directory";
const writers = ["RoleEligibilitySchedule.ReadWrite.Directory", ...writeRoleManagement];
const readers = ["RoleEligibilitySchedule.Read.Directory", ...writers, ...readRoleManagement];
const roles = { directoryRoles: [...roleAdministrators, "Global Reader", "Security Reader"] };

/** Roles that users, and members of groups, may activate for themselves. */
export const eligibilityRoutes: readonly GraphRoute[] = [
  ...readRoutes(
    `${root}/roleEligibilityScheduleRequests`,
    eligibilityRequestType,
    writers,
    (request) => request.tenant.eligibilityRequests,
  ),
  ...readRoutes(`${root}/roleEligibilitySchedules`, eligibilityScheduleType, readers, (request) =>
    liveSchedules(request),
  ),
  ...readRoutes(`${root}/roleEligibilityScheduleInstances`, eligibilityInstanceType, readers, (request) =>
    instances(request),
  ),
  {
    method: "POST",
    path: `${root}/roleEligibilityScheduleRequests`,
    title: "Make a principal eligible for a role, or no longer",
    type: eligibilityRequestType,
    permissions: writers,
    directoryRoles: roleAdministrators,
    takesBody: true,
    differences: "`adminAssign` and `adminRemove` only; every request is granted at once.",
    handle: create,
  },
];

function readRoutes(
  path: string,
  type: EntityType,
  permissions: readonly string[],
  tableOf: (request: GraphRequest) => ReadonlyMap<string, JsonObject>,
): readonly GraphRoute[] {
  return [
    {
      ...roles,
      type,
      permissions,
      method: "GET",
      path,
      title: `List objects of type ${type.name}`,
      query: ["$select", "$filter", "$top"],
      handle: (request) => collection(request, type, tableOf(request).values()),
    },
    {
      ...roles,
      type,
      permissions,
      method: "GET",
      path: `${path}/:id`,
      title: `Read an object of type ${type.name}`,
      query: ["$select"],
      handle: (request) => {
        const object = tableOf(request).get(idOf(request));
        if (object === undefined) throw resourceNotFound(idOf(request));
        return entity(request, type, object);
      },
    },
  ];
}

function create(request: GraphRequest): Reply {
  const { tenant, now } = request;
  const { properties } = checkBody(
    request.body,
    eligibilityRequestType,
    eligibilityRequestType.properties,
    undefined,
  );
  const wanted = {
    principalId: textOf(properties.principalId).toLowerCase(),
    roleDefinitionId: textOf(properties.roleDefinitionId).toLowerCase(),
    directoryScopeId: textOf(properties.directoryScopeId) || "/",
  };
  checkRoleAssignment(tenant, wanted);
  if (tenant.servicePrincipals.has(wanted.principalId)) {
    throw badRequest(
      "The subject of an eligible role assignment must be a user or a role-assignable group.",
      "InvalidRoleAssignmentRequest",
    );
  }
  const present = liveSchedule(request, wanted);
  if (properties.action === "adminRemove" && present === undefined) {
    throw badRequest("The Role assignment does not exist.", "RoleAssignmentDoesNotExist");
  }
  if (properties.action === "adminAssign" && present !== undefined) {
    throw badRequest("The Role assignment already exists.", "RoleAssignmentExists");
  }
  const schedule = present ?? newSchedule(wanted, properties, now);
  if (properties.action === "adminRemove") tenant.eligibilitySchedules.delete(schedule.id);
  else tenant.eligibilitySchedules.set(schedule.id, schedule);
  const answer: DirectoryEntity = {
    ...initialValues(eligibilityRequestType.properties),
    ...properties,
    ...wanted,
    id: properties.action === "adminAssign" ? schedule.id : randomUUID(),
    createdDateTime: toGraphTime(now),
    completedDateTime: toGraphTime(now),
    createdBy: { user: null, application: { id: request.caller.objectId } },
    status: properties.action === "adminAssign" ? "Provisioned" : "Revoked",
    targetScheduleId: schedule.id,
  };
  tenant.eligibilityRequests.set(answer.id, answer);
  return entity(request, eligibilityRequestType, answer, 201);
}

function newSchedule(wanted: JsonObject, properties: JsonObject, now: Date): DirectoryEntity {
  const id = randomUUID();
  return {
    ...initialValues(eligibilityScheduleType.properties),
    ...wanted,
    id,
    createdDateTime: toGraphTime(now),
    createdUsing: id,
    memberType: "Direct",
    scheduleInfo: properties.scheduleInfo ?? null,
    status: "Provisioned",
  };
}

function liveSchedule(request: GraphRequest, wanted: JsonObject): DirectoryEntity | undefined {
  return first(liveSchedules(request).values(), (schedule) =>
    Object.entries(wanted).every(([name, value]) => schedule[name] === value),
  );
}

/** The schedules whose end has not come. */
function liveSchedules(request: GraphRequest): ReadonlyMap<string, DirectoryEntity> {
  return new Map(
    [...request.tenant.eligibilitySchedules].filter(
      ([, schedule]) => endOf(schedule) > request.now.getTime(),
    ),
  );
}

function instances(request: GraphRequest): ReadonlyMap<string, JsonObject> {
  const live = [...liveSchedules(request)].filter(
    ([, schedule]) => startOf(schedule) <= request.now.getTime(),
  );
  return new Map(
    live.map(([id, schedule]) => {
      const end = endOf(schedule);
      return [
        id,
        {
          ...schedule,
          roleEligibilityScheduleId: id,
          startDateTime: toGraphTime(new Date(startOf(schedule))),
          endDateTime: Number.isFinite(end) ? toGraphTime(new Date(end)) : null,
        },
      ];
    }),
  );
}

function startOf(schedule: DirectoryEntity): number {
  const { scheduleInfo } = schedule;
  const start = isJsonObject(scheduleInfo) ? textOf(scheduleInfo.startDateTime) : "";
  return Date.parse(start || textOf(schedule.createdDateTime));
}

function endOf(schedule: DirectoryEntity): number {
  const expiration = isJsonObject(schedule.scheduleInfo) ? schedule.scheduleInfo.expiration : null;
  if (!isJsonObject(expiration)) return Number.POSITIVE_INFINITY;
  if (expiration.type === "afterDateTime") return Date.parse(textOf(expiration.endDateTime));
  if (expiration.type === "afterDuration")
    return startOf(schedule) + (isoDurationMs(textOf(expiration.duration)) ?? 0);
  return Number.POSITIVE_INFINITY;
}
