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
  type Properties,
} from "./property.ts";

const scheduleInfo = record({
  startDateTime: dateTime(),
  expiration: record({
    type: oneOf("notSpecified", "noExpiration", "afterDateTime", "afterDuration"),
    endDateTime: dateTime(),
    duration: duration(),
  }),
  recurrence: unsupported(any()),
});

const assignment: Properties = {
  appScopeId: unsupported(text()),
  directoryScopeId: text(),
  principalId: required(guid()),
  roleDefinitionId: required(guid()),
};

/** `unifiedRoleEligibilityScheduleRequest`. */
export const eligibilityRequestType: EntityType = {
  name: "unifiedRoleEligibilityScheduleRequest",
  properties: {
    id: readOnly(guid()),
    ...assignment,
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
    targetScheduleId: readOnly(guid()),
    ticketInfo: record({ ticketNumber: text(), ticketSystem: text() }),
  },
  filterable: ["principalId", "roleDefinitionId", "directoryScopeId", "status", "action"],
};

/** `unifiedRoleEligibilitySchedule`. */
export const eligibilityScheduleType: EntityType = {
  name: "unifiedRoleEligibilitySchedule",
  properties: {
    id: readOnly(guid()),
    ...assignment,
    createdDateTime: readOnly(dateTime()),
    createdUsing: readOnly(guid()),
    memberType: readOnly(text()),
    modifiedDateTime: readOnly(dateTime()),
    scheduleInfo,
    status: readOnly(text()),
  },
  filterable: ["principalId", "roleDefinitionId", "directoryScopeId", "status"],
};

/** `unifiedRoleEligibilityScheduleInstance`. */
export const eligibilityInstanceType: EntityType = {
  name: "unifiedRoleEligibilityScheduleInstance",
  properties: {
    id: readOnly(guid()),
    ...assignment,
    endDateTime: readOnly(dateTime()),
    memberType: readOnly(text()),
    roleEligibilityScheduleId: readOnly(guid()),
    startDateTime: readOnly(dateTime()),
  },
  filterable: ["principalId", "roleDefinitionId", "directoryScopeId"],
};
