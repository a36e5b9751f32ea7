import { randomUUID } from "node:crypto";
import {
  endGroupSchedule,
  instanceTimes,
  isLive,
  isRunning,
  settleSchedules,
} from "../../directory/schedules.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import { groupScheduleTypes } from "../../model/groupSchedules.ts";
import { first, type DirectoryEntity } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import { badRequest, resourceNotFound } from "../errors.ts";
import { entity } from "../reply.ts";
import type { GraphRequest, GraphRoute, Reply } from "../route.ts";
import { groupScheduleExpansions } from "./expansions.ts";
import { roleAdministrators } from "./permissions.ts";
import { checkLicense, licensedReadRoutes } from "./readRoutes.ts";
import { answerOf } from "./roleScheduleRequests.ts";

type Kind = keyof typeof groupScheduleTypes;

const root = "/identityGovernance/privilegedAccess/group";
const common = {
  directoryRoles: [...roleAdministrators, "Global Reader", "Security Reader"],
  expand: groupScheduleExpansions,
  check: checkFilter,
  differences: "The filter has to name `groupId` or `principalId`, as in Graph.",
};

/** Privileged Identity Management for groups: places in groups for a time, or to be activated. */
export const groupScheduleRoutes: readonly GraphRoute[] = (["assignment", "eligibility"] as const).flatMap(
  routesOf,
);

function routesOf(kind: Kind): readonly GraphRoute[] {
  const types = groupScheduleTypes[kind];
  const right = kind === "assignment" ? "PrivilegedAssignmentSchedule" : "PrivilegedEligibilitySchedule";
  const writers = [`${right}.ReadWrite.AzureADGroup`];
  const reading = { ...common, permissions: [`${right}.Read.AzureADGroup`, ...writers] };
  return [
    ...licensedReadRoutes({
      ...reading,
      path: `${root}/${kind}ScheduleRequests`,
      type: types.request,
      all: ({ tenant }) => tenant.groupScheduleRequests[kind],
    }),
    ...licensedReadRoutes({
      ...reading,
      path: `${root}/${kind}Schedules`,
      type: types.schedule,
      all: (request) => liveSchedules(request, kind),
    }),
    ...licensedReadRoutes({
      ...reading,
      path: `${root}/${kind}ScheduleInstances`,
      type: types.instance,
      all: (request) => instances(request, kind),
    }),
    {
      method: "POST",
      path: `${root}/${kind}ScheduleRequests`,
      title:
        kind === "assignment"
          ? "Give a principal a place in a group for a time, or end that"
          : "Make a principal eligible for a place in a group, or no longer",
      type: types.request,
      permissions: writers,
      directoryRoles: roleAdministrators,
      takesBody: true,
      differences: "`adminAssign` and `adminRemove` only; every request is granted at once.",
      handle: (request) => create(request, kind),
    },
  ];
}

function checkFilter({ query }: GraphRequest): void {
  if (query.filtered?.has("groupId") || query.filtered?.has("principalId")) return;
  throw badRequest("The required parameters GroupId or PrincipalId is missing.", "MissingParameters");
}

function create(request: GraphRequest, kind: Kind): Reply {
  checkLicense(request);
  const { tenant, now } = request;
  const type = groupScheduleTypes[kind].request;
  const { properties } = checkBody(request.body, type, type.properties, undefined);
  const wanted = {
    accessId: textOf(properties.accessId),
    groupId: textOf(properties.groupId).toLowerCase(),
    principalId: textOf(properties.principalId).toLowerCase(),
  };
  checkTarget(request, wanted);
  const schedules = tenant.groupSchedules[kind];
  const present = first(
    schedules.values(),
    (schedule) =>
      Object.entries(wanted).every(([name, value]) => schedule[name] === value) && isLive(schedule, now),
  );
  const removes = properties.action === "adminRemove";
  if (removes && present === undefined) {
    throw badRequest("The Role assignment does not exist.", "RoleAssignmentDoesNotExist");
  }
  if (!removes && present !== undefined) {
    throw badRequest("The Role assignment already exists.", "RoleAssignmentExists");
  }
  const schedule = present ?? newSchedule(wanted, properties, now);
  if (removes && kind === "assignment") endGroupSchedule(tenant, schedule);
  else if (removes) schedules.delete(schedule.id);
  else {
    schedules.set(schedule.id, schedule);
    settleSchedules(tenant, now);
  }
  const answer = answerOf(request, type, { ...properties, ...wanted }, schedule.id);
  tenant.groupScheduleRequests[kind].set(answer.id, answer);
  return entity(request, type, answer, 201);
}

function checkTarget({ tenant }: GraphRequest, { groupId, principalId }: JsonObject): void {
  const [group, principal] = [textOf(groupId), textOf(principalId)];
  if (!tenant.groups.has(group)) throw resourceNotFound(group);
  const isPrincipal = [tenant.users, tenant.groups, tenant.servicePrincipals].some((one) =>
    one.has(principal),
  );
  if (!isPrincipal) throw resourceNotFound(principal);
}

function newSchedule(
  wanted: Readonly<Record<"accessId" | "groupId" | "principalId", string>>,
  properties: JsonObject,
  now: Date,
): DirectoryEntity {
  const [requestId, scheduleId] = [randomUUID(), randomUUID()];
  return {
    ...wanted,
    id: `${wanted.groupId}_${wanted.accessId}_${scheduleId}`,
    assignmentType: "assigned",
    createdDateTime: toGraphTime(now),
    createdUsing: requestId,
    memberType: "direct",
    modifiedDateTime: null,
    scheduleInfo: properties.scheduleInfo ?? null,
    status: "Provisioned",
  };
}

function liveSchedules(request: GraphRequest, kind: Kind): ReadonlyMap<string, DirectoryEntity> {
  return new Map(
    [...request.tenant.groupSchedules[kind]].filter(([, schedule]) => isLive(schedule, request.now)),
  );
}

function instances(request: GraphRequest, kind: Kind): ReadonlyMap<string, JsonObject> {
  const running = [...liveSchedules(request, kind)].filter(([, schedule]) =>
    isRunning(schedule, request.now),
  );
  return new Map(
    running.map(([id, schedule]) => [
      id,
      { ...schedule, ...instanceTimes(schedule), [`${kind}ScheduleId`]: id },
    ]),
  );
}
