import { isoDurationMs } from "../../../common/isoDuration.ts";
import { roleAssignmentId } from "../identifiers.ts";
import { isJsonObject, textOf, type Json } from "../json.ts";
import type { DirectoryEntity, TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";
import { activateRole } from "./memberships.ts";

/** When a schedule begins, in milliseconds. */
function startOf(schedule: DirectoryEntity): number {
  const { scheduleInfo } = schedule;
  const start = isJsonObject(scheduleInfo) ? textOf(scheduleInfo.startDateTime) : "";
  return Date.parse(start || textOf(schedule.createdDateTime));
}

/** When a schedule ends, in milliseconds; infinite where it does not. */
function endOf(schedule: DirectoryEntity): number {
  const expiration = isJsonObject(schedule.scheduleInfo) ? schedule.scheduleInfo.expiration : null;
  if (!isJsonObject(expiration)) return Number.POSITIVE_INFINITY;
  if (expiration.type === "afterDateTime") return Date.parse(textOf(expiration.endDateTime));
  if (expiration.type === "afterDuration")
    return startOf(schedule) + (isoDurationMs(textOf(expiration.duration)) ?? 0);
  return Number.POSITIVE_INFINITY;
}

/** Whether a schedule's end has not come; it may lie in the future altogether. */
export function isLive(schedule: DirectoryEntity, now: Date): boolean {
  return endOf(schedule) > now.getTime();
}

/** Whether a schedule holds now. */
export function isRunning(schedule: DirectoryEntity, now: Date): boolean {
  return startOf(schedule) <= now.getTime() && isLive(schedule, now);
}

/** `startDateTime` and `endDateTime` of a schedule's instance. */
export function instanceTimes(schedule: DirectoryEntity): Record<"startDateTime" | "endDateTime", Json> {
  const end = endOf(schedule);
  return {
    startDateTime: toGraphTime(new Date(startOf(schedule))),
    endDateTime: Number.isFinite(end) ? toGraphTime(new Date(end)) : null,
  };
}

/**
 * Puts scheduled role assignments, and scheduled places in groups, into force when their time comes, and ends them when
 * it is over.
 */
export function settleSchedules(tenant: TenantState, now: Date): void {
  for (const schedule of tenant.assignmentSchedules.values()) {
    settle(tenant.assignmentSchedules, schedule, now, {
      begin: () => assignScheduledRole(tenant, schedule),
      end: () => tenant.roleAssignments.delete(assignmentIdOf(schedule)),
    });
  }
  for (const schedule of tenant.groupSchedules.assignment.values()) {
    settle(tenant.groupSchedules.assignment, schedule, now, {
      begin: () => joinGroup(tenant, schedule),
      end: () => leaveGroup(tenant, schedule),
    });
  }
}

/** The id of the role assignment that a schedule makes. */
export function assignmentIdOf(schedule: DirectoryEntity): string {
  return roleAssignmentId(
    textOf(schedule.roleDefinitionId),
    textOf(schedule.principalId),
    textOf(schedule.directoryScopeId),
  );
}

/** Ends a role assignment, and the schedule that it comes from where one has made it. */
export function removeRoleAssignment(tenant: TenantState, id: string): void {
  tenant.roleAssignments.delete(id);
  for (const schedule of tenant.assignmentSchedules.values()) {
    if (schedule.isInForce === true && assignmentIdOf(schedule) === id)
      tenant.assignmentSchedules.delete(schedule.id);
  }
}

/** Ends a scheduled place in a group at once. */
export function endGroupSchedule(tenant: TenantState, schedule: DirectoryEntity): void {
  if (schedule.isInForce === true) leaveGroup(tenant, schedule);
  tenant.groupSchedules.assignment.delete(schedule.id);
}

interface Effect {
  readonly begin: () => void;
  readonly end: () => void;
}

function settle(
  schedules: Map<string, DirectoryEntity>,
  schedule: DirectoryEntity,
  now: Date,
  effect: Effect,
): void {
  if (isRunning(schedule, now) && schedule.isInForce !== true) {
    effect.begin();
    schedule.isInForce = true;
  }
  if (isLive(schedule, now)) return;
  if (schedule.isInForce === true) effect.end();
  schedules.delete(schedule.id);
}

function assignScheduledRole(tenant: TenantState, schedule: DirectoryEntity): void {
  const id = assignmentIdOf(schedule);
  tenant.roleAssignments.set(id, {
    id,
    principalId: textOf(schedule.principalId),
    roleDefinitionId: textOf(schedule.roleDefinitionId),
    directoryScopeId: textOf(schedule.directoryScopeId),
    principalOrganizationId: tenant.id,
  });
  activateRole(tenant, textOf(schedule.roleDefinitionId));
}

function joinGroup(tenant: TenantState, schedule: DirectoryEntity): void {
  const place = { from: textOf(schedule.groupId), to: textOf(schedule.principalId) };
  const places = schedule.accessId === "owner" ? tenant.owners : tenant.members;
  if (!places.some(({ from, to }) => from === place.from && to === place.to)) places.push(place);
}

function leaveGroup(tenant: TenantState, schedule: DirectoryEntity): void {
  const stays = (place: { from: string; to: string }): boolean =>
    place.from !== schedule.groupId || place.to !== schedule.principalId;
  if (schedule.accessId === "owner") tenant.owners = tenant.owners.filter(stays);
  else tenant.members = tenant.members.filter(stays);
}
