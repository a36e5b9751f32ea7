import type { EntityType } from "./entityType.ts";
import {
  any,
  dateTime,
  duration,
  flag,
  guid,
  oneOf,
  readOnly,
  record,
  required,
  text,
  unsupported,
  type PropertyTable,
} from "./property.ts";

/** When a schedule begins, and when it ends. */
const scheduleInfo = record({
  startDateTime: dateTime(),
  expiration: record({
    type: oneOf("notSpecified", "noExpiration", "afterDateTime", "afterDuration"),
    endDateTime: dateTime(),
    duration: duration(),
  }),
  recurrence: unsupported(any()),
});

/** What every request of Privileged Identity Management has. */
export const requestProperties: PropertyTable = {
  id: readOnly(text()),
  action: required(oneOf("adminAssign", "adminRemove")),
  approvalId: readOnly(text()),
  completedDateTime: readOnly(dateTime()),
  createdBy: readOnly(any()),
  createdDateTime: readOnly(dateTime()),
  customData: readOnly(text()),
  isValidationOnly: { ...flag(false), writable: "unsupported" },
  justification: text(),
  scheduleInfo,
  status: readOnly(text()),
  targetScheduleId: readOnly(text()),
  ticketInfo: record({ ticketNumber: text(), ticketSystem: text() }),
};

/** What every schedule has that a request has made. */
export const scheduleProperties: PropertyTable = {
  id: readOnly(text()),
  createdDateTime: readOnly(dateTime()),
  createdUsing: readOnly(text()),
  modifiedDateTime: readOnly(dateTime()),
  scheduleInfo,
  status: readOnly(text()),
};

/** Only roles have requests that change what is there. */
const roleRequestProperties: PropertyTable = {
  ...requestProperties,
  action: required(oneOf("adminAssign", "adminUpdate", "adminRemove")),
};

const target: PropertyTable = {
  appScopeId: unsupported(text()),
  directoryScopeId: text(),
  principalId: required(guid()),
  roleDefinitionId: required(guid()),
};
const filterable = ["id", "appScopeId", "principalId", "roleDefinitionId", "directoryScopeId"];
const times = ["startDateTime", "endDateTime"];
const assigned: PropertyTable = { assignmentType: readOnly(text()), memberType: readOnly(text()) };

/** `unifiedRoleEligibilityScheduleRequest`. */
export const eligibilityRequestType: EntityType = {
  name: "unifiedRoleEligibilityScheduleRequest",
  properties: { ...roleRequestProperties, ...target },
  filterable: [...filterable, "createdDateTime", "status", "action"],
};

/** `unifiedRoleEligibilitySchedule`. */
export const eligibilityScheduleType: EntityType = {
  name: "unifiedRoleEligibilitySchedule",
  properties: { ...scheduleProperties, ...target, memberType: readOnly(text()) },
  filterable: [...filterable, "createdUsing", "memberType", "status"],
};

/** `unifiedRoleEligibilityScheduleInstance`. */
export const eligibilityInstanceType: EntityType = {
  name: "unifiedRoleEligibilityScheduleInstance",
  properties: {
    id: readOnly(text()),
    ...target,
    endDateTime: readOnly(dateTime()),
    memberType: readOnly(text()),
    roleEligibilityScheduleId: readOnly(text()),
    startDateTime: readOnly(dateTime()),
  },
  filterable: [...filterable, ...times, "memberType", "roleEligibilityScheduleId"],
};

/** `unifiedRoleAssignmentScheduleRequest`. */
export const assignmentRequestType: EntityType = {
  name: "unifiedRoleAssignmentScheduleRequest",
  properties: { ...roleRequestProperties, ...target },
  filterable: [...filterable, "createdDateTime", "status", "action"],
};

/** `unifiedRoleAssignmentSchedule`. */
export const assignmentScheduleType: EntityType = {
  name: "unifiedRoleAssignmentSchedule",
  properties: { ...scheduleProperties, ...target, ...assigned },
  filterable: [...filterable, "assignmentType", "createdUsing", "memberType", "status"],
};

/** `unifiedRoleAssignmentScheduleInstance`. */
export const assignmentInstanceType: EntityType = {
  name: "unifiedRoleAssignmentScheduleInstance",
  properties: {
    id: readOnly(text()),
    ...target,
    ...assigned,
    endDateTime: readOnly(dateTime()),
    roleAssignmentOriginId: readOnly(text()),
    roleAssignmentScheduleId: readOnly(text()),
    startDateTime: readOnly(dateTime()),
  },
  filterable: [...filterable, ...times, "assignmentType", "memberType", "roleAssignmentScheduleId"],
};
