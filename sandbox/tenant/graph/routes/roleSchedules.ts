import { assignmentIdOf, instanceTimes, isLive, isRunning } from "../../directory/schedules.ts";
import type { JsonObject } from "../../json.ts";
import {
  assignmentInstanceType,
  assignmentRequestType,
  assignmentScheduleType,
  eligibilityInstanceType,
  eligibilityRequestType,
  eligibilityScheduleType,
} from "../../model/roleSchedules.ts";
import type { DirectoryEntity, RoleAssignment } from "../../state.ts";
import { toGraphTime } from "../../time.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";
import { roleExpansions } from "./expansions.ts";
import { roleAdministrators, writeRoleManagement } from "./permissions.ts";
import { licensedReadRoutes } from "./readRoutes.ts";
import { requestRoute } from "./roleScheduleRequests.ts";

const root = "/roleManagement/directory";
const directoryRoles = [...roleAdministrators, "Global Reader", "Security Reader"];
const everyReader = ["RoleManagement.Read.Directory", "RoleManagement.Read.All"];
const assignmentWriters = ["RoleAssignmentSchedule.ReadWrite.Directory", ...writeRoleManagement];
const assignmentReaders = ["RoleAssignmentSchedule.Read.Directory", ...everyReader, ...assignmentWriters];
const eligibilityWriters = ["RoleEligibilitySchedule.ReadWrite.Directory", ...writeRoleManagement];
const eligibilityReaders = ["RoleEligibilitySchedule.Read.Directory", ...everyReader, ...eligibilityWriters];
const common = { directoryRoles, expand: roleExpansions };

/**
 * Roles that principals have for a time, or may activate for themselves.
 *
 * A request is listed to those who may make one: Microsoft names no lesser application permission.
 */
export const roleScheduleRoutes: readonly GraphRoute[] = [
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleAssignmentScheduleRequests`,
    type: assignmentRequestType,
    permissions: assignmentWriters,
    all: ({ tenant }) => tenant.assignmentRequests,
  }),
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleAssignmentSchedules`,
    type: assignmentScheduleType,
    permissions: assignmentReaders,
    all: assignmentSchedules,
  }),
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleAssignmentScheduleInstances`,
    type: assignmentInstanceType,
    permissions: assignmentReaders,
    all: assignmentInstances,
  }),
  requestRoute("assignment", assignmentRequestType, assignmentWriters),
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleEligibilityScheduleRequests`,
    type: eligibilityRequestType,
    permissions: eligibilityWriters,
    all: ({ tenant }) => tenant.eligibilityRequests,
  }),
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleEligibilitySchedules`,
    type: eligibilityScheduleType,
    permissions: eligibilityReaders,
    all: (request) => byId(live(request, request.tenant.eligibilitySchedules)),
  }),
  ...licensedReadRoutes({
    ...common,
    path: `${root}/roleEligibilityScheduleInstances`,
    type: eligibilityInstanceType,
    permissions: eligibilityReaders,
    all: eligibilityInstances,
  }),
  requestRoute("eligibility", eligibilityRequestType, eligibilityWriters),
];

/** Those that requests have made, those of the future among them, and one for each role that was assigned directly. */
function assignmentSchedules(request: GraphRequest): ReadonlyMap<string, JsonObject> {
  const { tenant, now } = request;
  const direct = directAssignments(request).map((assignment) => ({
    ...assignment,
    appScopeId: null,
    assignmentType: "Assigned",
    createdDateTime: null,
    createdUsing: null,
    memberType: "Direct",
    modifiedDateTime: null,
    scheduleInfo: {
      startDateTime: toGraphTime(now),
      recurrence: null,
      expiration: { type: "noExpiration", endDateTime: null, duration: null },
    },
    status: "Provisioned",
  }));
  return byId([...live(request, tenant.assignmentSchedules), ...direct]);
}

function assignmentInstances(request: GraphRequest): ReadonlyMap<string, JsonObject> {
  const { tenant, now } = request;
  const scheduled = live(request, tenant.assignmentSchedules)
    .filter((schedule) => isRunning(schedule, now))
    .map((schedule) => instanceOf(schedule, assignmentIdOf(schedule), instanceTimes(schedule)));
  const direct = directAssignments(request).map((assignment) =>
    instanceOf(assignment, assignment.id, { startDateTime: null, endDateTime: null }),
  );
  return byId([...scheduled, ...direct]);
}

function instanceOf(source: DirectoryEntity, assignmentId: string, times: JsonObject): DirectoryEntity {
  return {
    ...source,
    ...times,
    id: assignmentId,
    assignmentType: "Assigned",
    memberType: "Direct",
    roleAssignmentOriginId: assignmentId,
    roleAssignmentScheduleId: source.id,
  };
}

/** The assignments that no schedule has made. */
function directAssignments({ tenant }: GraphRequest): readonly RoleAssignment[] {
  const scheduled = new Set(
    [...tenant.assignmentSchedules.values()]
      .filter((schedule) => schedule.isInForce === true)
      .map(assignmentIdOf),
  );
  return [...tenant.roleAssignments.values()].filter(({ id }) => !scheduled.has(id));
}

function eligibilityInstances(request: GraphRequest): ReadonlyMap<string, JsonObject> {
  const running = live(request, request.tenant.eligibilitySchedules).filter((schedule) =>
    isRunning(schedule, request.now),
  );
  return byId(
    running.map((schedule) => ({
      ...schedule,
      ...instanceTimes(schedule),
      roleEligibilityScheduleId: schedule.id,
    })),
  );
}

/** Those whose end has not come. */
function live(
  request: GraphRequest,
  schedules: ReadonlyMap<string, DirectoryEntity>,
): readonly DirectoryEntity[] {
  return [...schedules.values()].filter((schedule) => isLive(schedule, request.now));
}

function byId(objects: readonly DirectoryEntity[]): ReadonlyMap<string, DirectoryEntity> {
  return new Map(objects.map((object) => [object.id, object]));
}
